/** What the screens of the books ask of the API. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Entry = Schemas['BookEntryShape']
export type Receipt = Schemas['ReceiptProofShape']
export type Booking = Schemas['BookingShape']
export type Seal = Schemas['SealShape']
export type Proof = Schemas['ProofShape']
export type Difference = Schemas['BookDifferenceShape']
export type ProgrammeSums = Schemas['ProgrammeSumsShape']
export type Freeze = Schemas['FreezeShape']
export type Turn = Schemas['TurnSwitch']
export type What = Freeze['what']

export const WHATS = ['till', 'provider', 'programme', 'town'] as const satisfies readonly What[]

interface PageQuery {
  cursor?: string
  limit: number
}

export interface EntriesAsked {
  first?: string
  last?: string
  person?: string
  grant?: string
  programme?: string
  provider?: string
}

/** An answer may end with nothing found after much was read: so many are asked for before a page is shown empty. */
const ASKED_MAX = 10

export const entriesQuery = (city: string, query: EntriesAsked & Partial<PageQuery>) =>
  queryOptions({
    queryKey: ['entries', city, query],
    queryFn: async () => {
      let page = await entries(city, query)
      for (let asked = 1; page.items.length === 0 && page.next && asked < ASKED_MAX; asked++) page = await entries(city, { ...query, cursor: page.next })
      return page
    },
  })

const entries = (city: string, query: EntriesAsked & Partial<PageQuery>) =>
  ask(api.GET('/v1/cities/{city}/entries', { params: { path: { city }, query } }))

const PAGE_MAX = 100

/** An entry with those of the same place that point at it. */
export interface Found {
  entry: Entry | undefined
  pointing: readonly Entry[]
}

/** Walks the place where an entry lies: a contribution's whole life, or a programme's or provider's days. */
export const entryQuery = (city: string, id: string, place: EntriesAsked) =>
  queryOptions({
    queryKey: ['entries', city, id, place],
    queryFn: async (): Promise<Found> => {
      const found: Entry[] = []
      let cursor: string | null = ''
      for (let asked = 0; cursor !== null && asked < ASKED_MAX; asked++) {
        const page: Schemas['EntriesShape'] = await entries(city, { ...place, limit: PAGE_MAX, ...(cursor && { cursor }) })
        found.push(...page.items)
        cursor = page.next
      }
      return { entry: found.find(one => one.id === id), pointing: found.filter(({ original }) => original === id) }
    },
  })

/** The text of a transfer with its way to the seal: a grant's by the grant, others by where they lie. */
export const receiptQuery = (city: string, { id, entry, grant, programme, provider }: Entry) =>
  queryOptions({
    queryKey: ['receipt', city, id, grant, programme, provider],
    enabled: entry === 'transfer',
    queryFn: (): Promise<Receipt> =>
      grant
        ? ask(api.GET('/v1/cities/{city}/receipts/{id}/proof', { params: { path: { city, id }, query: { grant } } }))
        : ask(api.GET('/v1/cities/{city}/payment-receipts/{id}/proof', { params: { path: { city, id }, query: { programme, provider } } })),
  })

export const bookingsQuery = (city: string, first: string, last: string) =>
  queryOptions({
    queryKey: ['bookings', city, first, last],
    queryFn: () => ask(api.GET('/v1/cities/{city}/bookings', { params: { path: { city }, query: { first, last } } })),
  })

export const sealsQuery = (city: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['seals', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/seals', { params: { path: { city }, query } })),
  })

export const proofsQuery = (city: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['proofs', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/proofs', { params: { path: { city }, query } })),
  })

export const proofQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['proofs', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/proofs/{id}', { params: { path: { city, id } } })),
  })

export const startProof = async (city: string) => (await ask(api.POST('/v1/cities/{city}/proofs', { params: { path: { city } } }))).run

export const freezesQuery = (city: string) =>
  queryOptions({
    queryKey: ['freezes', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/freezes', { params: { path: { city } } })),
  })

export const turnsQuery = (city: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['freezes', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/freezes/history', { params: { path: { city }, query } })),
  })

export function useFreezeActs(city: string) {
  const client = useQueryClient()
  const and = async (call: Promise<unknown>) => {
    await call
    await client.invalidateQueries({ queryKey: ['freezes', city] })
  }
  return {
    freeze: (body: Turn) => and(ask(api.POST('/v1/cities/{city}/freezes', { params: { path: { city } }, body }))),
    unfreeze: (body: Turn) => and(ask(api.POST('/v1/cities/{city}/freezes/lift', { params: { path: { city } }, body }))),
  }
}
