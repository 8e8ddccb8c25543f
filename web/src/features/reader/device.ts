/**
 * This device as a till: its own long-lived token in the device's storage, and the access token of five minutes that
 * it is exchanged for, in memory only.
 */
import createClient from 'openapi-fetch'
import { useSyncExternalStore } from 'react'
import { noAnswer, Problem, refusedBy } from '@/lib/api/problem'
import type { paths } from '@/lib/api/schema'
import { language } from '@/lib/texts'

export interface Device {
  city: string
  till: string
  name: string
  token: string
}

const STORED_AS = 'am.reader.device'
const TIMEOUT_MS = 10_000 // then the outcome is asked for with the same key
const RENEW_BEFORE_MS = 20_000
const origin = typeof location === 'undefined' ? 'http://127.0.0.1' : location.origin

let device = stored()
let access: { token: string; until: number } | null = null
let renewal: Promise<string> | null = null
let aheadMs = 0
const listeners = new Set<() => void>()

function stored(): Device | null {
  try {
    return JSON.parse(localStorage.getItem(STORED_AS) ?? 'null') as Device | null
  } catch {
    return null
  }
}

export const deviceNow = () => device

export function useDevice(): Device | null {
  return useSyncExternalStore(subscribe, deviceNow, deviceNow)
}

/** The server's time, by what it last said: a device's own clock may be a day wrong. */
export const serverNow = (): number => Date.now() + aheadMs

function heardTime(response: Response): Response {
  const told = Date.parse(response.headers.get('Date') ?? '')
  if (!Number.isNaN(told)) aheadMs = told - Date.now()
  return response
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function become(next: Device | null): void {
  if (next) localStorage.setItem(STORED_AS, JSON.stringify(next))
  else localStorage.removeItem(STORED_AS)
  turn(next)
}

function turn(next: Device | null): void {
  device = next
  access = null
  listeners.forEach(listener => listener())
}

/** Every tab of this device is the same till. */
if (typeof addEventListener === 'function') {
  addEventListener('storage', event => (event.key === STORED_AS || event.key === null) && turn(stored()))
}

/** Makes this device a till. Throws a Problem when the code is over or was used. */
export async function pair(city: string, code: string): Promise<void> {
  const made = await post<{ till: string; name: string; device_token: string }>(`/v1/cities/${city}/tills/pair`, { code })
  become({ city, till: made.till, name: made.name, token: made.device_token })
}

/** Forgets the pairing; the owner may revoke the till as well. */
export const unpair = () => become(null)

/** The API as this till. Requests end after ten seconds: what they did is then asked for. */
export const api = createClient<paths>({ baseUrl: origin, fetch: authorised })

async function authorised(request: Request): Promise<Response> {
  const token = await accessToken()
  const response = await send(request.clone(), token)
  if (response.status !== 401) return response
  if (access?.token === token) access = null
  return send(request, await accessToken())
}

function send(request: Request, token: string): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('Accept-Language', language())
  headers.set('Authorization', `Bearer ${token}`)
  return fetch(new Request(request, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })).then(heardTime)
}

function accessToken(): Promise<string> {
  if (access && access.until - serverNow() > RENEW_BEFORE_MS) return Promise.resolve(access.token)
  renewal ??= signIn().finally(() => (renewal = null))
  return renewal
}

async function signIn(): Promise<string> {
  if (!device) throw new Problem(401, { code: 'till_revoked' })
  const path = `/v1/cities/${device.city}/tills/session`
  const session = await post<{ access_token: string; expires_at: string }>(path, { device_token: device.token })
  access = { token: session.access_token, until: Date.parse(session.expires_at) }
  return access.token
}

async function post<T>(path: string, body: object): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (cause) {
    throw noAnswer(cause)
  }
  heardTime(response)
  const document: unknown = await response.json().catch(() => ({}))
  if (!response.ok) throw refusedBy(response, document)
  return document as T
}
