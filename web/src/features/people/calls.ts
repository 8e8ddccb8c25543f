/** What these screens ask of the API, and what goes stale after a change. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'

type Schemas = components['schemas']
export type Person = Schemas['PersonShape']
export type Child = Schemas['ChildShape']
export type Device = Schemas['SessionShape']
export type PersonPatch = Schemas['PersonPatch']
export type ChildPatch = Schemas['ChildPatch']
export type NewChild = Schemas['NewChild']
export type NewPerson = Schemas['NewPerson']

export const meQuery = (city: string) =>
  queryOptions({
    queryKey: ['me', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/people/me', { params: { path: { city } } })),
  })

export const childQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['child', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/people/me/children/{id}', { params: { path: { city, id } } })),
  })

export const devicesQuery = () =>
  queryOptions({
    queryKey: ['devices'],
    queryFn: () => ask(api.GET('/v1/sessions', {})),
  })

export const noticeQuery = (city: string) =>
  queryOptions({
    queryKey: ['privacy-notice', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/privacy-notice', { params: { path: { city } } })),
  })

const versioned = (v: number) => ({ 'If-Match': `W/"${v}"` })

/** The API takes null for what stays as it is. */
const SAME_CHILD = { given_names: null, surname: null, birth_date: null, address: null }
const SAME_PERSON = { ...SAME_CHILD, phone: null, language: null }

/** Changes of the person's own household; what is verified is asked for again afterwards. */
export function useHouseholdActs(city: string) {
  const client = useQueryClient()
  const stale = (...kinds: string[]) => Promise.all(kinds.map(kind => client.invalidateQueries({ queryKey: [kind, city] })))
  const path = { city }
  return {
    amendMe: async (v: number, changes: Partial<PersonPatch>) => {
      const me = await ask(api.PATCH('/v1/cities/{city}/people/me', { params: { path, header: versioned(v) }, body: { ...SAME_PERSON, ...changes } }))
      client.setQueryData(meQuery(city).queryKey, me)
      await stale('verifications')
    },
    join: async (body: NewPerson) => {
      const me = await ask(api.POST('/v1/cities/{city}/people/me', { params: { path }, body }))
      client.setQueryData(meQuery(city).queryKey, me)
    },
    addChild: async (child: Omit<NewChild, 'address'> & Partial<NewChild>) => {
      await ask(api.POST('/v1/cities/{city}/people/me/children', { params: { path }, body: { address: null, ...child } }))
      await stale('verifications', 'children')
    },
    amendChild: async (id: string, v: number, changes: Partial<ChildPatch>) => {
      await ask(api.PATCH('/v1/cities/{city}/people/me/children/{id}', { params: { path: { city, id }, header: versioned(v) }, body: { ...SAME_CHILD, ...changes } }))
      await stale('verifications', 'children', 'child')
    },
    removeChild: async (id: string) => {
      await ask(api.DELETE('/v1/cities/{city}/people/me/children/{id}', { params: { path: { city, id } } }))
      await stale('verifications', 'children')
    },
  }
}
