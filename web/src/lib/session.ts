/**
 * Who is signed in. The access token lives in memory only; the refresh cookie is the browser's and no
 * script sees it. One renewal at a time, also across tabs, because the cookie rotates with each.
 */
import { useSyncExternalStore } from 'react'
import { Problem, noAnswer, refusedBy } from './api/problem'
import type { components } from './api/schema'
import { forgetDrafts } from './draft'
import { language } from './texts'

export type App = 'www' | 'moje' | 'admin' | 'reader'
export type Role =
  | 'citizen' | 'admin' | 'programme_owner' | 'clerk' | 'assistant' | 'authorising_officer'
  | 'budget_officer' | 'chief_accountant' | 'auditor' | 'privacy_officer'
export type ProviderRole = 'owner' | 'cashier'

/** What a sign-in or its renewal answers; roles and providers are by town. */
export type Session = components['schemas']['OpenSession']

/** `expired`: was signed in and the screen still holds what the person typed; ask to sign in over it. */
export type SessionState =
  | { status: 'unknown' | 'signed_out'; session: null }
  | { status: 'signed_in' | 'expired'; session: Session }

const RENEW_BEFORE_MS = 45_000
let app: App = 'www'
let state: SessionState = { status: 'unknown', session: null }
let renewal: Promise<Session | null> | null = null
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

export function useSession(): SessionState {
  return useSyncExternalStore(onSession, sessionNow, sessionNow)
}

export function sessionNow(): SessionState {
  return state
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Called once by each app: picks up the sign-in of an earlier visit, if there was one. */
export async function startSession(which: App): Promise<void> {
  app = which
  if (!wasSignedIn()) return become({ status: 'signed_out', session: null })
  await renew().catch(() => become({ status: 'signed_out', session: null }))
}

/** Throws a Problem when the e-mail or password does not fit, or there were too many tries. */
export async function signIn(email: string, password: string): Promise<Session> {
  const session = await post<Session>('/v1/sessions', { app, email, password })
  accept(session)
  return session
}

export async function signOut(): Promise<void> {
  const token = state.session?.access_token
  try {
    if (token) await fetch('/v1/sessions/current', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } })
  } finally {
    remember(false)
    forgetDrafts()
    become({ status: 'signed_out', session: null })
  }
}

let tokenSource: (() => Promise<string | null>) | null = null

/** For the reader, whose till has a token of its own instead of a person's sign-in. */
export function setTokenSource(source: () => Promise<string | null>): void {
  tokenSource = source
}

/** A token good for a request right now, renewed first when its end is near; null when not signed in. */
export async function accessToken(): Promise<string | null> {
  if (tokenSource) return tokenSource()
  if (renewal) return (await renewal.catch(() => null))?.access_token ?? null
  if (state.status !== 'signed_in') return null
  if (Date.parse(state.session.expires_at) - Date.now() > 0) return state.session.access_token
  return (await renew().catch(() => null))?.access_token ?? null
}

/** The API did not take `refused`: a fresh token, or null when the person must sign in again. */
export async function refreshAfter401(refused: string): Promise<string | null> {
  if (tokenSource) return null
  if (state.status === 'signed_in' && state.session.access_token !== refused) return state.session.access_token
  return (await renew().catch(() => null))?.access_token ?? null
}

export function renew(): Promise<Session | null> {
  renewal ??= exclusively(renewNow).finally(() => (renewal = null))
  return renewal
}

async function renewNow(): Promise<Session | null> {
  try {
    const session = await post<Session>('/v1/sessions/refresh', { app })
    accept(session)
    return session
  } catch (thrown) {
    if (thrown instanceof Problem && (thrown.status === 401 || thrown.status === 403)) ended()
    else renewLater() // off line: keep what we have, the next request tries again
    throw thrown
  }
}

function ended(): void {
  remember(false)
  become(state.session ? { status: 'expired', session: state.session } : { status: 'signed_out', session: null })
}

function accept(session: Session): void {
  remember(true)
  become({ status: 'signed_in', session })
  renewLater()
}

function renewLater(): void {
  clearTimeout(timer)
  if (!state.session) return
  const wait = Math.max(Date.parse(state.session.expires_at) - Date.now() - RENEW_BEFORE_MS, 5_000)
  timer = setTimeout(() => void renew().catch(() => undefined), wait)
}

function become(next: SessionState): void {
  state = next
  if (next.status !== 'signed_in') clearTimeout(timer)
  listeners.forEach(listener => listener())
}

function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(`am-refresh-${app}`, work) as Promise<T> : work()
}

async function post<T>(path: string, body: object): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language() },
      body: JSON.stringify(body),
    })
  } catch (cause) {
    throw noAnswer(cause)
  }
  const document: unknown = await response.json().catch(() => ({}))
  if (!response.ok) throw refusedBy(response, document)
  return document as T
}

/** Only a hint that asking for a renewal makes sense: it is no secret and opens nothing. */
const hint = () => `am.signed-in.${app}`

function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(hint()) !== null
  } catch {
    return true
  }
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(hint(), '1')
    else localStorage.removeItem(hint())
  } catch {
    // Without storage every visit asks for a renewal.
  }
}

/** The person's roles in a town, none when signed out. */
export function rolesIn(session: Session | null, city: string): readonly Role[] {
  return (session?.roles[city] ?? []) as Role[]
}

export function hasAnyRole(session: Session | null, city: string, roles: readonly Role[]): boolean {
  return rolesIn(session, city).some(role => roles.includes(role))
}

/** Providers in a town that the person works for: id to owner or cashier. */
export function providersIn(session: Session | null, city: string): Readonly<Record<string, ProviderRole>> {
  return (session?.providers[city] ?? {}) as Record<string, ProviderRole>
}
