/** Questions and commands of vouchers and tills to the API. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask, idempotent, ifMatch } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Grant = Schemas['GrantShape']
export type GrantDetail = Schemas['GrantDetail']
export type Voucher = Schemas['VoucherShape']
export type Movement = Schemas['MovementShape']
export type Proof = Schemas['ReceiptProofShape']
export type Where = Schemas['WhereShape']
export type Till = Schemas['TillShape']
export type Pairing = Schemas['PairingShape']
export type ProviderLine = Schemas['ProviderLine']

export const grantsQuery = (city: string) =>
  queryOptions({
    queryKey: ['grants', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/grants', { params: { path: { city } } })),
  })

/** For the assistant who registered the person at the desk. */
export const grantsOfQuery = (city: string, person: string) =>
  queryOptions({
    queryKey: ['grants', city, 'of', person],
    queryFn: () => ask(api.GET('/v1/cities/{city}/grants', { params: { path: { city }, query: { person } } })),
  })

export const grantQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['grants', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/grants/{id}', { params: { path: { city, id } } })),
  })

export const voucherQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['grants', city, id, 'voucher'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/vouchers/{id}', { params: { path: { city, id } } })),
    refetchInterval: 30_000, // the till may be taking from it right now
  })

/** After a change of one voucher the lists are read anew. */
export function useReread(city: string): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['grants', city] })
}

export const pdfLink = (city: string, id: string) =>
  ask(api.GET('/v1/cities/{city}/vouchers/{id}/pdf', { params: { path: { city, id } } }))

export const block = (city: string, id: string) =>
  ask(api.POST('/v1/cities/{city}/vouchers/{id}/block', { params: { path: { city, id } } }))

export const reissue = (city: string, id: string, revision: number) =>
  ask(api.POST('/v1/cities/{city}/vouchers/{id}/reissue', { params: { path: { city, id } }, body: { revision } }))

export const dispute = (city: string, id: string, line: string, text: string) =>
  ask(api.POST('/v1/cities/{city}/vouchers/{id}/redemptions/{line}/dispute', { params: { path: { city, id, line } }, body: { text } }))

/** A movement as it stands in the books, with its way to the day's seal. */
export const proofQuery = (city: string, grant: string, id: string) =>
  queryOptions({
    queryKey: ['proof', city, grant, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/receipts/{id}/proof', { params: { path: { city, id }, query: { grant } } })),
  })

// The provider's side

export const tillsQuery = (city: string, provider: string) =>
  queryOptions({
    queryKey: ['tills', city, provider],
    queryFn: () => ask(api.GET('/v1/cities/{city}/tills', { params: { path: { city }, query: { provider } } })),
  })

export const branchesQuery = (city: string, provider: string) =>
  queryOptions({
    queryKey: ['provider', city, provider],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}', { params: { path: { city, id: provider } } })),
  })

export const offerPairing = (city: string, body: Schemas['PairingBody']) =>
  ask(api.POST('/v1/cities/{city}/tills/pairings', { params: { path: { city } }, body }))

export const renameTill = (city: string, till: Till, name: string) =>
  ask(
    api.PATCH('/v1/cities/{city}/tills/{id}', {
      params: { path: { city, id: till.id }, header: ifMatch(`W/"${till.v}"`) as never },
      body: { name },
    }),
  )

export const revokeTill = (city: string, id: string) =>
  ask(api.DELETE('/v1/cities/{city}/tills/{id}', { params: { path: { city, id } } }))

export const dayQuery = (city: string, provider: string, day: string) =>
  queryOptions({
    queryKey: ['redemptions', city, provider, day],
    queryFn: () => ask(api.GET('/v1/cities/{city}/vouchers/redemptions', { params: { path: { city }, query: { provider, day } } })),
  })

export const takeBack = (city: string, line: ProviderLine) =>
  ask(
    api.POST('/v1/cities/{city}/vouchers/{id}/redemptions/{line}/undo', {
      params: { path: { city, id: line.voucher, line: line.id }, header: idempotent(`undo-${line.id}`) as never },
    }),
  )
