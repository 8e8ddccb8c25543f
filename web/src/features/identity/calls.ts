/** What these screens ask of the API. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { CHECKING_MS, isBeingChecked } from '@/lib/person'
import { sendFile } from '@/lib/upload'

type Schemas = components['schemas']
export type Verification = Schemas['VerificationShape']
export type Outcome = Verification['outcome']
export type Reason = Schemas['VerificationQueueRow']['reason']
export type Document = Schemas['SeenDocument']['document']
export type QueueRow = Schemas['VerificationQueueRow']
export type LetterRow = Schemas['ProofLetterRow']
export type PrintedLetter = Schemas['PrintedLetter']
export type Key = Schemas['ReginaKeyShape']
export type HandVerification = Schemas['HandVerification']

export const memberQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['verifications', city, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/verifications/{id}', { params: { path: { city, id } } })),
    refetchInterval: query => (query.state.data && isBeingChecked(query.state.data) ? CHECKING_MS : false),
  })

/** Everyone in one account, for a clerk. */
export const householdOfQuery = (city: string, id: string) =>
  queryOptions({
    queryKey: ['verifications', city, 'household', id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/households/{id}', { params: { path: { city, id } } })),
  })

/** A question is with the office now, not only planned for a later day. */
/** Everything that a screen does with one verification: each answers with it as it is afterwards. */
export function useVerificationActs(city: string, id: string) {
  const client = useQueryClient()
  const params = { path: { city, id } }
  const keep = async (one: Verification) => {
    client.setQueryData(memberQuery(city, id).queryKey, one)
    await client.invalidateQueries({ queryKey: ['verifications', city], exact: true })
    await client.invalidateQueries({ queryKey: ['verification-queue', city] })
  }
  const act = async (call: Promise<Verification>) => {
    const one = await call
    await keep(one)
    return one
  }
  return {
    check: useMutation({ mutationFn: () => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/check', { params }))) }),
    orderLetter: useMutation({ mutationFn: () => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/letter', { params }))) }),
    tellBirthPlace: (birth_place: string) => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/birth-place', { params, body: { birth_place } }))),
    proveByCode: (code: string) => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/code', { params, body: { code } }))),
    verifyByHand: (v: number, body: HandVerification) => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/by-hand', { params: { ...params, header: seen(v) }, body }))),
    proveAtDesk: (document: Document) => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/second-proof', { params, body: { document } }))),
    decideGuardian: (v: number, body: Schemas['GuardianDecision']) => act(ask(api.POST('/v1/cities/{city}/verifications/{id}/guardian', { params: { ...params, header: seen(v) }, body }))),
    reload: () => client.invalidateQueries({ queryKey: ['verifications', city] }),
  }
}

/** The version that the clerk saw: whoever decided meanwhile wins. */
const seen = (v: number) => ({ 'If-Match': `W/"${v}"` })

export type UploadType = Schemas['NewGuardianUpload']['content_type']
export const UPLOAD_TYPES: readonly UploadType[] = ['application/pdf', 'image/jpeg', 'image/png']

/** Sends a document about a guardian's link straight to the store of documents. */
export async function sendGuardianDocument(city: string, id: string, file: File, onProgress: (share: number) => void): Promise<void> {
  const content_type = file.type as UploadType
  const target = await ask(api.POST('/v1/cities/{city}/verifications/{id}/guardian-document', { params: { path: { city, id } }, body: { content_type } }))
  await sendFile(file, target, onProgress)
  await ask(api.POST('/v1/cities/{city}/verifications/{id}/guardian-document/arrival', { params: { path: { city, id } } }))
}

export async function openGuardianDocument(city: string, id: string): Promise<string> {
  return (await ask(api.GET('/v1/cities/{city}/verifications/{id}/guardian-document', { params: { path: { city, id } } }))).url
}

export const queueQuery = (city: string, query: { cursor?: string; limit: number }) =>
  queryOptions({
    queryKey: ['verification-queue', city, query],
    queryFn: () => ask(api.GET('/v1/cities/{city}/verification-queue', { params: { path: { city }, query } })),
  })

export const lettersQuery = (city: string) =>
  queryOptions({
    queryKey: ['proof-letters', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/proof-letters', { params: { path: { city }, query: { limit: 100 } } })),
  })

export function usePrintLetter(city: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(api.POST('/v1/cities/{city}/proof-letters/{id}/print', { params: { path: { city, id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['proof-letters', city] }),
  })
}

export const keysQuery = (city: string) =>
  queryOptions({
    queryKey: ['regina-keys', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/regina/keys', { params: { path: { city } } })),
  })

export function useKeyActs(city: string) {
  const client = useQueryClient()
  const reload = () => client.invalidateQueries({ queryKey: ['regina-keys', city] })
  return {
    register: async (body: Schemas['NewReginaKey']) => {
      await ask(api.POST('/v1/cities/{city}/regina/keys', { params: { path: { city } }, body }))
      await reload()
    },
    withdraw: useMutation({
      mutationFn: (id: string) => ask(api.DELETE('/v1/cities/{city}/regina/keys/{id}', { params: { path: { city, id } } })),
      onSettled: reload,
    }),
  }
}
