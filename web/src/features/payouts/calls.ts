/** What the screens of payouts ask of the API. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { asFileBody } from '@/lib/upload'

type Schemas = components['schemas']
export type Payout = Schemas['PayoutShape']
export type Line = Schemas['LineShape']
export type Row = Schemas['RemittanceRow']
export type Imported = Schemas['StatementShape']
export type PossibleReturn = Schemas['PossibleReturnShape']
export type Step = 'authorise' | 'confirm' | 'release' | 'cancel' | 'export'

interface PageQuery {
  cursor?: string
  limit: number
}

const BUILDING_MS = 1_500

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

export const remittanceQuery = (city: string, id: string, line: string) =>
  queryOptions({
    queryKey: ['payout', city, id, 'remittance', line],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payouts/{id}/lines/{line}/remittance', { params: { path: { city, id, line } } })),
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

export const returnsQuery = (city: string) =>
  queryOptions({
    queryKey: ['returns', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/returns', { params: { path: { city } } })),
  })

/** Everything that finance does; each act reads again what it may have changed. */
export function usePayoutActs(city: string) {
  const client = useQueryClient()
  const reload = () =>
    Promise.all(['payouts', 'payout', 'statements', 'returns'].map(name => client.invalidateQueries({ queryKey: [name, city] })))
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
        confirm: () => api.POST('/v1/cities/{city}/payouts/{id}/confirm', { params }),
        release: () => api.POST('/v1/cities/{city}/payouts/{id}/release', { params }),
        cancel: () => api.POST('/v1/cities/{city}/payouts/{id}/cancel', { params }),
        export: () => api.POST('/v1/cities/{city}/payouts/{id}/export', { params }),
      }
      return and(ask(calls[step]()))
    },
    fileUrl: async (id: string, name: string) =>
      (await ask(api.GET('/v1/cities/{city}/payouts/{id}/file', { params: { path: { city, id }, query: { name } } }))).url,
    preview: async (file: File) => ask(api.POST('/v1/cities/{city}/statements/preview', { params: { path: { city } }, body: await asFileBody(file) })),
    importFile: async (file: File) => and(ask(api.POST('/v1/cities/{city}/statements', { params: { path: { city } }, body: await asFileBody(file) }))),
    acceptReturn: (id: string, line: string) => and(ask(api.POST('/v1/cities/{city}/returns/{id}/accept', { params: { path: { city, id } }, body: { line } }))),
  }
}

export const remittanceCsv = (city: string, id: string, line: string) =>
  ask(api.GET('/v1/cities/{city}/payouts/{id}/lines/{line}/remittance/csv', { params: { path: { city, id, line } } }))
