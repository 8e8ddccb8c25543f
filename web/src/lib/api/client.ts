/** The one way to the API: typed by docs/openapi.json, signed in, in the person's language. */
import createClient from 'openapi-fetch'
import { language } from '../texts'
import { accessToken, refreshAfter401 } from '../session'
import { asProblem, refusedBy } from './problem'
import type { paths } from './schema'

const TIMEOUT_MS = 25_000 // the API itself gives up after 20 s

export const api = createClient<paths>({ baseUrl: origin(), fetch: authorised })

function origin(): string {
  return typeof location === 'undefined' ? 'http://127.0.0.1' : location.origin
}

/** Sends with the access token; on 401 renews the sign-in once and sends again. */
async function authorised(request: Request): Promise<Response> {
  const token = await accessToken()
  const response = await send(request.clone(), token)
  if (response.status !== 401 || !token) return response
  const renewed = await refreshAfter401(token)
  return renewed ? send(request, renewed) : response
}

function send(request: Request, token: string | null): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('Accept-Language', language())
  if (token) headers.set('Authorization', `Bearer ${token}`)
  return fetch(new Request(request, { headers, signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) }))
}

export interface Answer<T> {
  data: T
  /** The version for `If-Match`, when the API gives one. */
  etag: string | null
  /** True when the server recognised the operation and gave the first answer again. */
  replayed: boolean
}

export interface Fetched<T> {
  data?: T
  error?: unknown
  response: Response
}

/** `await ask(api.GET('/v1/cities/{city}', {params: {path: {city}}}))` gives the data or throws a Problem. */
export async function ask<T>(call: Promise<Fetched<T>>): Promise<T> {
  return (await askForAnswer(call)).data
}

/** As `ask`, with the ETag for a later edit. */
export async function askForAnswer<T>(call: Promise<Fetched<T>>): Promise<Answer<T>> {
  const { data, response } = await settled(call)
  return {
    data,
    etag: response.headers.get('ETag'),
    replayed: response.headers.get('Idempotent-Replayed') === 'true',
  }
}

/** What came of a call, or throws a Problem. */
export async function settled<T>(call: Promise<Fetched<T>>): Promise<{ data: T; response: Response }> {
  let fetched: Fetched<T>
  try {
    fetched = await call
  } catch (thrown) {
    throw asProblem(thrown)
  }
  const { data, error, response } = fetched
  if (!response.ok) throw refusedBy(response, error)
  return { data: data as T, response }
}

/** Header of an edit: `params: {path, header: ifMatch(etag)}`; the API refuses when somebody was faster. */
export function ifMatch(etag: string | null): { 'If-Match': string } {
  return { 'If-Match': etag ?? '' }
}

/** Header of a POST that moves money; `useOperation` makes and keeps the key. */
export function idempotent(key: string): OperationHeader {
  return { 'Idempotency-Key': key }
}

export interface OperationHeader {
  'Idempotency-Key': string
}
