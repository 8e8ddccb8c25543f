import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { cityQuery } from '@/lib/city'
import type { StaffRole } from './settings.roles'

type Schemas = components['schemas']
export type Settings = Schemas['SettingsShape']
export type Staff = Schemas['StaffShape']
export type ConnectedMachine = Schemas['MachineShape']
export type MadeMachine = Schemas['MadeMachine']
export type MachineScope = Schemas['MachineScope']
type Patch = Schemas['SettingsPatch']

export const settingsQuery = (city: string) =>
  queryOptions({
    queryKey: ['settings', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/settings', { params: { path: { city } } })),
  })

export const staffQuery = (city: string) =>
  queryOptions({
    queryKey: ['staff', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/staff', { params: { path: { city } } })),
  })

export const machinesQuery = (city: string) =>
  queryOptions({
    queryKey: ['machines', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/machines', { params: { path: { city } } })),
  })

export const noticesQuery = (city: string) =>
  queryOptions({
    queryKey: ['privacy-notices', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/privacy-notices', { params: { path: { city } } })),
  })

const versioned = (v: number) => ({ 'If-Match': `W/"${v}"` })

export function useSettingsActs(city: string) {
  const client = useQueryClient()
  const path = { city }
  return {
    /** The API takes only what is sent. */
    amend: async (v: number, changes: Partial<Patch>) => {
      const settings = await ask(api.PATCH('/v1/cities/{city}', { params: { path, header: versioned(v) }, body: changes as Patch }))
      client.setQueryData(settingsQuery(city).queryKey, settings)
      await client.invalidateQueries(cityQuery(city))
    },
    invite: (email: string, roles: StaffRole[]) => ask(api.POST('/v1/cities/{city}/staff', { params: { path }, body: { email, roles, language: 'cs' } })),
    setRoles: async (member: Staff, roles: StaffRole[]) => {
      const params = { path: { city, id: member.person }, header: versioned(member.v) }
      await ask(api.PATCH('/v1/cities/{city}/staff/{id}', { params, body: { roles } }))
      await client.invalidateQueries(staffQuery(city))
    },
    /** The second administrator's answer to what is on the screen: if the roles changed since, it is refused. */
    answer: async (member: Staff, accepts: boolean) => {
      const params = { path: { city, id: member.person }, header: versioned(member.v) }
      try {
        await ask(accepts
          ? api.POST('/v1/cities/{city}/staff/{id}/proposed-roles/acceptance', { params })
          : api.POST('/v1/cities/{city}/staff/{id}/proposed-roles/refusal', { params }))
      } finally {
        await client.invalidateQueries(staffQuery(city))
      }
    },
    publishNotice: async (cs: string, en: string) => {
      const made = await ask(api.POST('/v1/cities/{city}/privacy-notices', { params: { path }, body: { cs, en } }))
      await Promise.all([client.invalidateQueries(noticesQuery(city)), client.invalidateQueries({ queryKey: ['privacy-notice', city] }), client.invalidateQueries(settingsQuery(city))])
      return made
    },
  }
}

export function useMachineActs(city: string) {
  const client = useQueryClient()
  return {
    add: async (name: string, scopes: MachineScope[]) => {
      const made = await ask(api.POST('/v1/cities/{city}/machines', { params: { path: { city } }, body: { name, scopes } }))
      await client.invalidateQueries(machinesQuery(city))
      return made
    },
    revoke: async (id: string) => {
      await ask(api.DELETE('/v1/cities/{city}/machines/{id}', { params: { path: { city, id } } }))
      await client.invalidateQueries(machinesQuery(city))
    },
  }
}
