/** What the personal account asks of the API. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { asFileBody } from '@/lib/upload'

type Schemas = components['schemas']
export type Charge = Schemas['ChargeShape']
export type ToCheck = Schemas['ToCheckShape']

export const chargesQuery = (city: string) =>
  queryOptions({
    queryKey: ['charges', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/charges', { params: { path: { city } } })),
  })

export const chargeQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['charges', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/charges/{id}', { params: { path: { city, id } } })),
  })

export const qrQuery = (city: string, id: string, isOpen: boolean) =>
  queryOptions({
    queryKey: ['charges', city, id, 'qr'],
    enabled: isOpen,
    queryFn: () => ask(api.GET('/v1/cities/{city}/charges/{id}/qr', { params: { path: { city, id } } })),
  })

export const toCheckQuery = (city: string) =>
  queryOptions({
    queryKey: ['payments-to-check', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payments-to-check', { params: { path: { city } } })),
  })

export function useOfficeActs(city: string) {
  const client = useQueryClient()
  const params = { path: { city } }
  return {
    preview: async (file: File) => ask(api.POST('/v1/cities/{city}/charges/import/preview', { params, body: await asFileBody(file) })),
    importFile: async (file: File) => ask(api.POST('/v1/cities/{city}/charges/import', { params, body: await asFileBody(file) })),
    choose: async (id: string, option: number) => {
      await ask(api.POST('/v1/cities/{city}/payments-to-check/{id}', { params: { path: { city, id } }, body: { option } }))
      await client.invalidateQueries({ queryKey: ['payments-to-check', city] })
    },
  }
}
