/**
 * Sends an operation that must happen once, such as a payment. Its key is made and stored before the
 * first byte leaves and stays until there is an answer, also across a reload: asking again with the same
 * key can never do it twice. An unsure end is never shown as a failure.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { asProblem, type Problem } from './api/problem'
import { idempotent, type OperationHeader } from './api/client'

export type OperationState<R> =
  | { phase: 'idle' }
  | { phase: 'sending' }
  /** No answer came: we ask for the outcome with the same key. */
  | { phase: 'checking' }
  /** Asking did not help for now; `run` asks again, still with the same key. */
  | { phase: 'unsure' }
  | { phase: 'done'; result: R }
  | { phase: 'refused'; problem: Problem }

interface Pending<B> {
  key: string
  body: B
}

export interface KeyStore {
  read(name: string): string | null
  write(name: string, value: string): void
  remove(name: string): void
}

export type Send<B, R> = (body: B, header: OperationHeader) => Promise<R>

const ASK_AGAIN_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000]
/** Not signed in, or too many requests: true of this question, not of the operation asked about. */
const SAYS_NOTHING_OF_BEFORE = new Set([401, 429])
const STILL_RUNNING = new Set(['try_again'])

export class Operation<B, R> {
  private state: OperationState<R> = { phase: 'idle' }
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly name: string,
    private readonly send: Send<B, R>,
    private readonly store: KeyStore,
    private readonly sleep: (ms: number) => Promise<void> = ms => new Promise(done => setTimeout(done, ms)),
  ) {}

  readonly getState = (): OperationState<R> => this.state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Starts the operation, or asks after the one that has no answer yet. Locked while one is on its way. */
  readonly run = async (body: B): Promise<OperationState<R>> => {
    if (this.isBusy()) return this.state
    const unanswered = this.pending()
    if (unanswered) return this.settle(unanswered, { askedBefore: true })
    const fresh = { key: crypto.randomUUID(), body }
    this.store.write(this.name, JSON.stringify(fresh))
    return this.settle(fresh, { askedBefore: false })
  }

  /** After a reload: asks how the operation of before ended. */
  readonly resume = async (): Promise<void> => {
    const unanswered = this.pending()
    if (unanswered && !this.isBusy()) await this.settle(unanswered, { askedBefore: true })
  }

  /** Back to the start, for another operation under the same name. */
  readonly reset = (): void => {
    if (!this.isBusy()) this.become({ phase: 'idle' })
  }

  private isBusy(): boolean {
    return this.state.phase === 'sending' || this.state.phase === 'checking'
  }

  private async settle(pending: Pending<B>, { askedBefore }: { askedBefore: boolean }): Promise<OperationState<R>> {
    this.become({ phase: askedBefore ? 'checking' : 'sending' })
    for (const wait of [...ASK_AGAIN_AFTER_MS, null]) {
      const end = await this.ask(pending, askedBefore)
      if (end) {
        this.store.remove(this.name)
        return this.become(end)
      }
      askedBefore = true
      if (wait === null) break
      this.become({ phase: 'checking' })
      await this.sleep(wait)
    }
    return this.become({ phase: 'unsure' })
  }

  /** One question to the API; null when its answer settles nothing. */
  private async ask(pending: Pending<B>, askedBefore: boolean): Promise<OperationState<R> | null> {
    try {
      return { phase: 'done', result: await this.send(pending.body, idempotent(pending.key)) }
    } catch (thrown) {
      const problem = asProblem(thrown)
      const settlesNothing = problem.isUncertain || STILL_RUNNING.has(problem.code) || (askedBefore && SAYS_NOTHING_OF_BEFORE.has(problem.status))
      return settlesNothing ? null : { phase: 'refused', problem }
    }
  }

  private pending(): Pending<B> | null {
    const stored = this.store.read(this.name)
    return stored ? (JSON.parse(stored) as Pending<B>) : null
  }

  private become(state: OperationState<R>): OperationState<R> {
    this.state = state
    this.listeners.forEach(listener => listener())
    return state
  }
}

const PREFIX = 'am.operation.'
export const sessionKeyStore: KeyStore = {
  read: name => sessionStorage.getItem(PREFIX + name),
  write: (name, value) => sessionStorage.setItem(PREFIX + name, value),
  remove: name => sessionStorage.removeItem(PREFIX + name),
}

/**
 * `const pay = useOperation(`order:${sessionId}`, (body: OrderBody, header) =>
 *   ask(api.POST(…, { params: { path, header }, body })))`;
 * then `pay.run(body)` on press, `pay.isBusy` locks the button, `pay.state` says what to show.
 * The name must be the same after a reload and different for different things.
 */
export function useOperation<B, R>(name: string, send: Send<B, R>) {
  const latest = useRef(send)
  useLayoutEffect(() => {
    latest.current = send
  })
  // oxlint-disable-next-line react/refs -- read when the operation is sent, never while rendering
  const operation = useMemo(() => new Operation<B, R>(name, (body, header) => latest.current(body, header), sessionKeyStore), [name])
  useEffect(() => void operation.resume(), [operation])
  const state = useSyncExternalStore(operation.subscribe, operation.getState, operation.getState)
  return {
    state,
    run: operation.run,
    reset: operation.reset,
    isBusy: state.phase === 'sending' || state.phase === 'checking',
    isChecking: state.phase === 'checking' || state.phase === 'unsure',
    problem: state.phase === 'refused' ? state.problem : null,
  }
}
