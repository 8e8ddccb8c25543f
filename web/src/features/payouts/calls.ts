/** What the screens of payouts ask of the API. */
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask, type OperationHeader } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { asFileBody } from '@/lib/upload'

type Schemas = components['schemas']
export type Payout = Schemas['PayoutShape']
export type Line = Schemas['LineShape']
export type Row = Schemas['RemittanceRow']
export type Imported = Schemas['StatementShape']
export type Previewed = Schemas['PreviewedShape']
export type Doubt = Schemas['DoubtShape']
export type Sample = Schemas['SampleShape']
export type Dispute = Schemas['DisputeShape']
export type Debt = Schemas['DebtShape']
export type Owed = Schemas['RefundOwedShape']
export type Refund = Schemas['RefundShape']
export type WriteOff = Schemas['WriteOffShape']
export type Entry = Schemas['EntryShape']
export type NewRefund = Schemas['RefundBody']
export type NewAdvance = Schemas['AdvanceBody']
export type Look = 'pass' | 'let-go' | 'undo'
export type Step = 'authorise' | 'release' | 'cancel' | 'export'

interface PageQuery {
  cursor?: string
  limit: number
}

const BUILDING_MS = 1_500
const PAGE = 100

export const payoutsQuery = (city: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['payouts', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payouts', { params: { path: { city }, query } })),
  })

export const payoutQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['payout', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payouts/{id}', { params: { path: { city, id } } })),
    refetchInterval: query => (query.state.data && !query.state.data.built ? BUILDING_MS : false),
  })

export const linesQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['payout', city, id, 'lines'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payouts/{id}/lines', { params: { path: { city, id } } })),
  })

/** The redemptions behind a payment, a page at a time: there may be a hundred thousand. */
export const remittanceQuery = (city: string, id: string, line: string) =>
  infiniteQueryOptions({
    queryKey: ['payout', city, id, 'remittance', line],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/cities/{city}/payouts/{id}/lines/{line}/remittance', { params: { path: { city, id, line }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

/** The control sample of one payout. */
export const sampleQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['payout', city, id, 'sample'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payouts/{id}/sample', { params: { path: { city, id }, query: { limit: PAGE } } })),
  })

/** What waits for a clerk, of all payouts. */
export const samplesQuery = (city: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['samples', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/samples', { params: { path: { city }, query } })),
  })

export const disputesQuery = (city: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['disputes', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/disputes', { params: { path: { city }, query } })),
  })

/** Every page of providers is asked: debts are few, and each page may be short. */
export const debtsQuery = (city: string) =>
  queryOptions({
    queryKey: ['debts', city],
    queryFn: async () => {
      const items: Debt[] = []
      let cursor: string | null = null
      do {
        const page: Schemas['DebtsShape'] = await ask(api.GET('/v1/cities/{city}/debts', { params: { path: { city }, query: { limit: PAGE, ...(cursor && { cursor }) } } }))
        items.push(...page.items)
        cursor = page.next
      } while (cursor)
      return { items }
    },
  })

export const writeOffsQuery = (city: string) =>
  queryOptions({
    queryKey: ['write-offs', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/write-offs', { params: { path: { city } } })),
  })

export const refundsQuery = (city: string) =>
  queryOptions({
    queryKey: ['refunds', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/refunds', { params: { path: { city } } })),
  })

export const clearingQuery = (city: string, year: number) =>
  queryOptions({
    queryKey: ['clearing', city, year],
    queryFn: () => ask(api.GET('/v1/cities/{city}/clearing', { params: { path: { city }, query: { year } } })),
  })

/** Whether the town is paid for by the operator: then it has a statement to look at. */
export const routeQuery = (city: string) =>
  queryOptions({
    queryKey: ['settings', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/settings', { params: { path: { city } } })),
  })

export const providerPayoutsQuery = (city: string, id: string, query: PageQuery) =>
  queryOptions({
    queryKey: ['provider-payouts', city, id, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}/payouts', { params: { path: { city, id }, query } })),
  })

export const statementsQuery = (city: string) =>
  queryOptions({
    queryKey: ['statements', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/statements', { params: { path: { city } } })),
  })

export const doubtsQuery = (city: string) =>
  queryOptions({
    queryKey: ['doubts', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/doubts', { params: { path: { city } } })),
  })

/** Everything that finance does; each act reads again what it may have changed. */
export function usePayoutActs(city: string) {
  const client = useQueryClient()
  const reload = () =>
    Promise.all(['payouts', 'payout', 'statements', 'doubts', 'samples', 'disputes', 'debts', 'write-offs', 'refunds', 'clearing'].map(name => client.invalidateQueries({ queryKey: [name, city] })))
  const and = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call
    } finally {
      await reload()
    }
  }
  return {
    start: () => and(ask(api.POST('/v1/cities/{city}/payouts', { params: { path: { city } } }))),
    step: (step: Step, { id, v }: Payout) => {
      const params = { path: { city, id }, header: { 'If-Match': `W/"${v}"` } }
      const calls = {
        authorise: () => api.POST('/v1/cities/{city}/payouts/{id}/authorise', { params }),
        release: () => api.POST('/v1/cities/{city}/payouts/{id}/release', { params }),
        cancel: () => api.POST('/v1/cities/{city}/payouts/{id}/cancel', { params }),
        export: () => api.POST('/v1/cities/{city}/payouts/{id}/export', { params }),
      }
      return and(ask(calls[step]()))
    },
    fileUrl: async (id: string, name: string) =>
      (await ask(api.GET('/v1/cities/{city}/payouts/{id}/file', { params: { path: { city, id }, query: { name } } }))).url,
    /** `account`: whose the statement is, where its number fits two of the town's. */
    preview: async (file: File, account: string) =>
      ask(api.POST('/v1/cities/{city}/statements/preview', { params: { path: { city } }, body: { ...(await asFileBody(file)), account } })),
    /** `future`: a person said that a date after today is right. */
    importFile: async (file: File, account: string, future: boolean) =>
      and(ask(api.POST('/v1/cities/{city}/statements', { params: { path: { city } }, body: { ...(await asFileBody(file)), account, future } }))),
    reject: (id: string, line: string, reason: string) =>
      and(ask(api.POST('/v1/cities/{city}/payouts/{id}/lines/{line}/reject', { params: { path: { city, id, line } }, body: { reason } }))),
    look: (look: Look, { payout, redemption }: Sample) => {
      const params = { path: { city, id: payout, line: redemption } }
      const calls = {
        pass: () => api.POST('/v1/cities/{city}/payouts/{id}/sample/{line}/pass', { params }),
        'let-go': () => api.POST('/v1/cities/{city}/payouts/{id}/sample/{line}/let-go', { params }),
        undo: () => api.POST('/v1/cities/{city}/payouts/{id}/sample/{line}/undo', { params }),
      }
      return and(ask(calls[look]()))
    },
    setAside: ({ payout, redemption }: Sample, reason: string) =>
      and(ask(api.POST('/v1/cities/{city}/payouts/{id}/sample/{line}/set-aside', { params: { path: { city, id: payout, line: redemption } }, body: { reason } }))),
    answer: ({ voucher, redemption }: Dispute, upheld: boolean, outcome: string) =>
      and(ask(api.POST('/v1/cities/{city}/vouchers/{id}/redemptions/{line}/outcome', { params: { path: { city, id: voucher, line: redemption } }, body: { upheld, outcome } }))),
    refund: (id: string, line: string, body: NewRefund, header: OperationHeader) =>
      and(ask(api.POST('/v1/cities/{city}/payouts/{id}/lines/{line}/refunds', { params: { path: { city, id, line }, header }, body }))),
    advance: (body: NewAdvance, header: OperationHeader) => and(ask(api.POST('/v1/cities/{city}/advances', { params: { path: { city }, header }, body }))),
    proposeWriteOff: ({ grant, refund }: Owed, note: string) => and(ask(api.POST('/v1/cities/{city}/write-offs', { params: { path: { city } }, body: { grant, refund, note } }))),
    approveWriteOff: (id: string) => and(ask(api.POST('/v1/cities/{city}/write-offs/{id}/approve', { params: { path: { city, id } } }))),
    declineWriteOff: (id: string) => and(ask(api.POST('/v1/cities/{city}/write-offs/{id}/decline', { params: { path: { city, id } } }))),
    decideDoubt: (id: string, answer: string) => and(ask(api.POST('/v1/cities/{city}/doubts/{id}', { params: { path: { city, id } }, body: { answer } }))),
  }
}

/** The whole remittance as CSV, put together of the parts that the API gives. */
export async function remittanceCsv(city: string, id: string, line: string) {
  let content = ''
  let cursor: string | null = null
  for (;;) {
    const part: Schemas['TextPartShape'] = await ask(
      api.GET('/v1/cities/{city}/payouts/{id}/lines/{line}/remittance/csv', { params: { path: { city, id, line }, query: { limit: PAGE, ...(cursor && { cursor }) } } }),
    )
    content += part.content
    cursor = part.next ?? null
    if (!cursor) return { name: part.name, content }
  }
}
