/** What these screens ask of the API. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask, ifMatch, type OperationHeader } from '@/lib/api/client'
import { asProblem } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import type { ProgrammeState } from '@/ui/ProgrammeState'

type Schemas = components['schemas']
export type Programme = Schemas['ProgrammeShape']
export type ProgrammeDetail = Schemas['ProgrammeDetail']
export type ProgrammeForStaff = Schemas['ProgrammeForStaff']
export type Rules = Schemas['RulesShape']
export type Condition = Schemas['ConditionShape']
export type BudgetChange = Schemas['BudgetChangeShape']
export type Preview = Schemas['RulesPreview']
export type SignsAs = Schemas['NewSignature']['signs_as']
export type StepName = Schemas['StepShape']['step']

export interface Filters {
  for_whom?: Programme['for_whom'][number]
  topic?: Rules['topic']
  state?: ProgrammeState
}

export const programmesQuery = (city: string, query: Filters = {}) =>
  queryOptions({
    queryKey: ['programmes', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes', { params: { path: { city }, query } })),
    placeholderData: keepPreviousData,
  })

export const programmeQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['programme', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes/{id}', { params: { path: { city, id } } })),
  })

export const placesQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['programme-providers', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes/{id}/providers', { params: { path: { city, id } } })),
  })

const PROVIDERS_SHOWN = 100

/** Providers to choose from when a programme is only for some. */
export const providersQuery = (city: string) =>
  queryOptions({
    queryKey: ['providers-to-choose', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers', { params: { path: { city }, query: { limit: PROVIDERS_SHOWN } } })),
  })

export const rulesQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['programme-rules', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes/{id}/rules', { params: { path: { city, id } } })),
  })

export const supportQuery = (city: string, age: number, street: string) =>
  queryOptions({
    queryKey: ['support', city, age, street],
    queryFn: () => ask(api.POST('/v1/cities/{city}/support-searches', { params: { path: { city } }, body: { age, street } })),
  })

export const preCheck = (city: string, id: string, birth_date: string, address_code: string) =>
  ask(api.POST('/v1/cities/{city}/programmes/{id}/pre-checks', { params: { path: { city, id } }, body: { birth_date, address_code } }))

export const addressesQuery = (city: string, query: string) =>
  queryOptions({
    queryKey: ['addresses', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/addresses', { params: { path: { city }, query: { query } } })),
    enabled: query.length > 1,
    placeholderData: keepPreviousData,
  })

export const previewQuery = (city: string, rules: Rules) =>
  queryOptions({
    queryKey: ['rule-preview', city, rules],
    queryFn: () => ask(api.POST('/v1/cities/{city}/rule-previews', { params: { path: { city } }, body: { rules, persons: [] } })),
    placeholderData: keepPreviousData,
  })

const versioned = (v: number) => ifMatch(`W/"${v}"`)

/** What the town hall does with a programme; each leaves the screens with the programme as it is afterwards. */
export function useProgrammeActs(city: string, id: string) {
  const client = useQueryClient()
  const path = { city, id }
  const keep = async (known: ProgrammeForStaff) => {
    client.setQueryData(rulesQuery(city, id).queryKey, known)
    await client.invalidateQueries({ queryKey: ['programmes', city] })
    return known
  }
  const reload = () => client.invalidateQueries({ queryKey: rulesQuery(city, id).queryKey })
  return {
    /** As the last answer left it. */
    now: () => client.getQueryData(rulesQuery(city, id).queryKey),
    /** Saves over the rules that the person saw; where somebody saved others, those come to the screen and this is refused. */
    save: async (seen: ProgrammeForStaff, body: Rules): Promise<ProgrammeForStaff> => {
      const put = (v: number) => ask(api.PUT('/v1/cities/{city}/programmes/{id}/rules', { params: { path, header: versioned(v) }, body }))
      try {
        return await put(seen.v).then(keep)
      } catch (thrown) {
        if (asProblem(thrown).code !== 'changed_meanwhile') throw thrown
        const now = await client.fetchQuery({ ...rulesQuery(city, id), staleTime: 0 })
        if (JSON.stringify(now.rules) !== JSON.stringify(seen.rules)) throw thrown
        return put(now.v).then(keep) // only its state or money moved
      }
    },
    step: useMutation({
      mutationFn: ({ v, step }: { v: number; step: StepName }) =>
        ask(api.POST('/v1/cities/{city}/programmes/{id}/steps', { params: { path, header: versioned(v) }, body: { step } })).then(keep),
    }),
    propose: async (effect: 'raise' | 'cut', amount_minor: number, reason: string) => {
      await ask(api.POST('/v1/cities/{city}/programmes/{id}/budget-changes', { params: { path }, body: { effect, amount_minor, reason } }))
      await reload()
    },
    carryOver: async (reason: string) => {
      await ask(api.POST('/v1/cities/{city}/programmes/{id}/carry-overs', { params: { path }, body: { reason } }))
      await reload()
    },
    sign: async (line: string, signs_as: SignsAs, amount_minor: number, header: OperationHeader) => {
      const params = { path: { ...path, line }, header }
      const signed = await ask(
        api.POST('/v1/cities/{city}/programmes/{id}/budget-changes/{line}/signatures', { params, body: { signs_as, amount_minor } }),
      )
      await reload()
      return signed
    },
  }
}

export const createProgramme = (city: string, body: Rules) => ask(api.POST('/v1/cities/{city}/programmes', { params: { path: { city } }, body }))
