/** What this till asks the API. */
import { ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { idempotent } from '@/lib/api/client'
import { api, deviceNow, serverNow } from './device'
import { onDevice, Queue, takeOver, type Receipt, type Waiting } from './pending'

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
      body: { code: waiting.code, amount_minor: waiting.amountMinor, price_minor: waiting.priceMinor, till: waiting.till },
    }),
  )

/** How a redemption of another pairing ended; it moves nothing. */
const outcome = async (waiting: Waiting): Promise<Receipt | null> => {
  const { code, key, till } = waiting
  const told = await ask(api.POST('/v1/cities/{city}/vouchers/outcome', { params: { path: { city: city() } }, body: { code, key, till } }))
  return told.receipt
}

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

const records = onDevice()
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('am.reader.redemptions')

export const queue = new Queue(records, {
  till: () => deviceNow()?.till,
  send: redeem,
  ask: outcome,
  now: serverNow,
  sleep: ms => new Promise(done => setTimeout(done, ms)),
  alone: async (name, run) => navigator.locks.request(`am.reader.${name}`, { ifAvailable: true }, async lock => (lock ? await run() : null)),
  tell: () => tabs?.postMessage('changed'), // oxlint-disable-line unicorn/require-post-message-target-origin -- a channel has none
})

/** Reads what is kept on this device, and again whenever another tab changed it. */
export async function openQueue(): Promise<void> {
  tabs?.addEventListener('message', () => void queue.reread())
  await takeOver(records, localStorage, serverNow())
  await queue.reread()
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
