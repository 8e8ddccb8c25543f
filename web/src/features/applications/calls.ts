/** What these screens ask of the API. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask, ifMatch, type OperationHeader } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { sendFile } from '@/lib/upload'

type Schemas = components['schemas']
export type Application = Schemas['ApplicationShape']
export type ApplicationState = Application['state']
export type ApplicationDetail = Schemas['ApplicationDetail']
export type Answers = Schemas['AnswersShape']
export type Candidate = Schemas['CandidateShape']
export type Condition = Schemas['ConditionShape']
export type HistoryLine = Schemas['HistoryLine']
export type DocumentShape = Schemas['DocumentShape']
export type Grant = Schemas['GrantShape']
export type Programme = Schemas['ProgrammeShape']
export type Verification = Schemas['VerificationShape']
export type QueueRow = Schemas['ApplicationRow']
export type Opening = Schemas['OpeningShape']
export type View = Schemas['View']
export type Decision = Schemas['DecisionShape']

export type NewTopUp = Schemas['NewTopUp']

const WATCHING_MS = 5_000
const PAGE = 25

export const applicationsQuery = (city: string) =>
  infiniteQueryOptions({
    queryKey: ['applications', city],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/cities/{city}/applications', { params: { path: { city }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
  })

/** Whether it waits in the order of receipt, where no clerk decides. */
export const hasArrived = ({ application, rules }: Pick<ApplicationDetail, 'application' | 'rules'>) => application.state === 'submitted' && rules.decides === 'arrival'

const isMoving = (detail: ApplicationDetail | undefined) => detail !== undefined && (detail.application.state === 'verifying' || hasArrived(detail))

export const applicationQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['application', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/applications/{id}', { params: { path: { city, id } } })),
    refetchInterval: query => (isMoving(query.state.data) ? WATCHING_MS : false),
  })

export const candidatesQuery = (city: string, programme?: string) =>
  queryOptions({
    queryKey: ['candidates', city, programme ?? ''],
    queryFn: () => ask(api.GET('/v1/cities/{city}/candidates', { params: { path: { city }, query: programme ? { programme } : {} } })),
  })

export const programmeQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['programme', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes/{id}', { params: { path: { city, id } } })),
  })

export const programmesQuery = (city: string) =>
  queryOptions({
    queryKey: ['programmes', city, {}],
    queryFn: () => ask(api.GET('/v1/cities/{city}/programmes', { params: { path: { city }, query: {} } })),
  })

export const grantsQuery = (city: string) =>
  queryOptions({
    queryKey: ['grants', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/grants', { params: { path: { city } } })),
  })

export const grantQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['grant', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/grants/{id}', { params: { path: { city, id } } })),
  })

const versioned = (v: number) => ifMatch(`W/"${v}"`)

/** A draft for oneself or a child; an assistant names the person they act for. */
export const startApplication = (city: string, programme: string, beneficiary: string, person: string | null = null) =>
  ask(api.POST('/v1/cities/{city}/applications', { params: { path: { city } }, body: { programme, beneficiary, person } }))

export type DocumentType = Schemas['NewDocument']['media_type']
export const DOCUMENT_TYPES: readonly DocumentType[] = ['application/pdf', 'image/jpeg', 'image/png']

/** Everything that an applicant does with one application: each leaves the screens with it as it is afterwards. */
export function useApplicationActs(city: string, id: string) {
  const client = useQueryClient()
  const params = { path: { city, id } }
  const key = applicationQuery(city, id).queryKey
  const reload = () => client.invalidateQueries({ queryKey: key })
  const keep = async (detail: ApplicationDetail) => {
    client.setQueryData(key, detail)
    await Promise.all(['applications', 'candidates', 'grants'].map(name => client.invalidateQueries({ queryKey: [name, city] })))
    return detail
  }
  return {
    reload,
    saveDraft: async (v: number, body: Answers) => {
      const application = await ask(api.PUT('/v1/cities/{city}/applications/{id}/draft', { params: { ...params, header: versioned(v) }, body }))
      client.setQueryData(key, detail => detail && { ...detail, application })
      return application
    },
    submit: () => ask(api.POST('/v1/cities/{city}/applications/{id}/submission', { params })).then(keep),
    discard: useMutation({
      mutationFn: () => ask(api.DELETE('/v1/cities/{city}/applications/{id}', { params })),
      onSuccess: async () => {
        client.removeQueries({ queryKey: key })
        await client.invalidateQueries({ queryKey: ['applications', city] })
      },
    }),
    withdraw: useMutation({ mutationFn: () => ask(api.POST('/v1/cities/{city}/applications/{id}/withdrawal', { params })).then(keep) }),
    answer: (text: string) => ask(api.POST('/v1/cities/{city}/applications/{id}/answer', { params, body: { text } })).then(keep),
    reconsider: (text: string) => ask(api.POST('/v1/cities/{city}/applications/{id}/reconsideration', { params, body: { text } })).then(keep),
    sendDocument: async (file: File, onProgress: (share: number) => void) => {
      const body = { name: file.name.slice(0, 120), media_type: file.type as DocumentType, bytes: file.size }
      const target = await ask(api.POST('/v1/cities/{city}/applications/{id}/documents', { params, body }))
      const line = { path: { city, id, line: target.document.id } }
      try {
        await sendFile(file, target, onProgress)
        await ask(api.POST('/v1/cities/{city}/applications/{id}/documents/{line}/arrival', { params: line }))
      } catch (thrown) {
        await ask(api.DELETE('/v1/cities/{city}/applications/{id}/documents/{line}', { params: line }))
        throw thrown
      }
      await reload()
    },
    removeDocument: async (line: string) => {
      await ask(api.DELETE('/v1/cities/{city}/applications/{id}/documents/{line}', { params: { path: { city, id, line } } }))
      await reload()
    },
  }
}

export const openDocument = async (city: string, id: string, line: string) =>
  (await ask(api.GET('/v1/cities/{city}/applications/{id}/documents/{line}', { params: { path: { city, id, line } } }))).url

// The town hall

export interface QueueFilters {
  view: View
  programme?: string
  state?: ApplicationState
  number?: string
  cursor?: string
  limit: number
}

export const queueQuery = (city: string, query: QueueFilters) =>
  queryOptions({
    queryKey: ['application-queue', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/application-queue', { params: { path: { city }, query } })),
    placeholderData: previous => previous,
  })

export const countsQuery = (city: string) =>
  queryOptions({
    queryKey: ['application-queue-counts', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/application-queue/counts', { params: { path: { city }, query: {} } })),
  })

export const reviewQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['review', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/applications/{id}/review', { params: { path: { city, id } } })),
  })

export function useReviewActs(city: string, id: string) {
  const client = useQueryClient()
  const params = { path: { city, id } }
  const reload = async () => {
    await client.invalidateQueries({ queryKey: reviewQuery(city, id).queryKey })
    await reloadQueues()
  }
  const reloadQueues = async () => {
    await client.invalidateQueries({ queryKey: ['application-queue', city] })
    await client.invalidateQueries({ queryKey: ['application-queue-counts', city] })
  }
  const keep = async (opening: Opening) => {
    client.setQueryData(reviewQuery(city, id).queryKey, opening)
    await reloadQueues()
    return opening
  }
  return {
    reload,
    assign: useMutation({
      mutationFn: (to: string | null) => ask(api.POST('/v1/cities/{city}/applications/{id}/assignment', { params, body: { to } })).then(keep),
    }),
    note: (text: string) => ask(api.POST('/v1/cities/{city}/applications/{id}/notes', { params, body: { text } })).then(keep),
    clarify: (question: string, days: number) =>
      ask(api.POST('/v1/cities/{city}/applications/{id}/clarification', { params, body: { question, days } })).then(keep),
    undoDecline: () => ask(api.POST('/v1/cities/{city}/applications/{id}/decision/undo', { params })).then(keep),
    topUp: (body: NewTopUp, header: OperationHeader) => ask(api.POST('/v1/cities/{city}/applications/{id}/top-ups', { params: { ...params, header }, body })),
    decide: (body: Decision, header: OperationHeader) => ask(api.POST('/v1/cities/{city}/applications/{id}/decision', { params: { ...params, header }, body })),
  }
}

export const decideMany = (city: string, ids: string[], outcome: Decision['outcome'], reason: string, header: OperationHeader) =>
  ask(api.POST('/v1/cities/{city}/application-decisions', { params: { path: { city }, header }, body: { ids, outcome, reason, verdicts: {} } }))
