/** What this till asks the API. */
import { ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { idempotent } from '@/lib/api/client'
import { api, deviceNow } from './device'
import { Queue, type Receipt, type Waiting } from './pending'

export type Checked = components['schemas']['CheckedShape']
export type Day = components['schemas']['DayShape']
export type DayLine = components['schemas']['DayLine']
export type MyTill = components['schemas']['MyTillShape']
export type Undone = components['schemas']['UndoneShape']

const city = () => deviceNow()?.city ?? ''

export const check = (code: string): Promise<Checked> =>
  ask(api.POST('/v1/cities/{city}/vouchers/check', { params: { path: { city: city() } }, body: { code } }))

const redeem = (waiting: Waiting): Promise<Receipt> =>
  ask(
    api.POST('/v1/cities/{city}/vouchers/redeem', {
      params: { path: { city: city() }, header: idempotent(waiting.key) as never },
      body: { code: waiting.code, amount_minor: waiting.amountMinor, price_minor: waiting.priceMinor, till: null },
    }),
  )

/** Taking back happens once whatever the key: asked again, the first answer comes. */
export const undo = (voucher: string, redemption: string): Promise<Undone> =>
  ask(
    api.POST('/v1/cities/{city}/vouchers/{id}/redemptions/{line}/undo', {
      params: { path: { city: city(), id: voucher, line: redemption }, header: idempotent(`undo-${redemption}`) as never },
    }),
  )

export const myTill = (): Promise<MyTill> =>
  ask(api.GET('/v1/cities/{city}/tills/me', { params: { path: { city: city() } } }))

export const myDay = (): Promise<Day> =>
  ask(api.GET('/v1/cities/{city}/tills/me/day', { params: { path: { city: city() } } }))

export const beginShift = (cashier: string) =>
  ask(api.POST('/v1/cities/{city}/tills/me/shift', { params: { path: { city: city() } }, body: { cashier } }))

export const queue = new Queue(redeem, typeof localStorage === 'undefined' ? memory() : localStorage)

function memory() {
  const kept = new Map<string, string>()
  return { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value) }
}

const ASK_EVERY_MS = 15_000

/** Asks after what waits: now, when the network comes back, and every quarter of a minute. */
export function watchPending(): () => void {
  const askAll = () => void (queue.waitingNow().length && queue.askAll())
  askAll()
  addEventListener('online', askAll)
  const timer = setInterval(askAll, ASK_EVERY_MS)
  return () => {
    removeEventListener('online', askAll)
    clearInterval(timer)
  }
}
