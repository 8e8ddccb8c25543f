/**
 * Redemptions on their way. Each has its key before the first byte leaves and is kept, also across a restart of the
 * device, until the server says how it ended: asked again with the same key, it can never happen twice.
 */
import { useSyncExternalStore } from 'react'
import { asProblem, type Problem } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'

export type Receipt = components['schemas']['ReceiptShape']

export interface Waiting {
  key: string
  code: string
  amountMinor: number
  priceMinor: number
  programme: string
  since: string
}

/** A redemption that waited and was refused in the end: the cashier must know. */
export interface RefusedLater {
  key: string
  amountMinor: number
  programme: string
  since: string
  reason: string
}

export type Outcome =
  | { kind: 'paid'; receipt: Receipt; waiting: Waiting }
  | { kind: 'refused'; problem: Problem; waiting: Waiting }
  | { kind: 'unknown'; waiting: Waiting }

export interface Storage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

export type Send = (waiting: Waiting) => Promise<Receipt>

const ASK_AGAIN_AFTER_MS = [500, 1_500, 3_000]
const REFUSED_KEPT = 20
const SETTLES_NOTHING = new Set(['too_many_tries', 'try_again', 'till_revoked', 'sign_in_needed'])

export class Queue {
  private waiting: readonly Waiting[]
  private refused: readonly RefusedLater[]
  private readonly asking = new Set<string>()
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly send: Send,
    private readonly storage: Storage,
    private readonly sleep: (ms: number) => Promise<void> = ms => new Promise(done => setTimeout(done, ms)),
  ) {
    this.waiting = this.read<Waiting>('waiting')
    this.refused = this.read<RefusedLater>('refused')
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly waitingNow = () => this.waiting
  readonly refusedNow = () => this.refused

  /** Redeems; `onDoubt` is called when the first answer does not come. Unknown in the end: it keeps waiting here. */
  async redeem(order: Omit<Waiting, 'key' | 'since'>, onDoubt: () => void): Promise<Outcome> {
    const waiting = { ...order, key: crypto.randomUUID(), since: new Date().toISOString() }
    this.keep([...this.waiting, waiting])
    for (const pause of [...ASK_AGAIN_AFTER_MS, null]) {
      const outcome = await this.ask(waiting)
      if (outcome.kind !== 'unknown' || pause === null) return outcome
      onDoubt()
      await this.sleep(pause)
    }
    return { kind: 'unknown', waiting }
  }

  /** Asks after everything that waits: on coming on line, on start, and now and then. */
  async askAll(): Promise<void> {
    for (const waiting of this.waiting) await this.askLater(waiting)
  }

  /** Asks after one; a late refusal is put down for the cashier. */
  async askLater(waiting: Waiting): Promise<Outcome> {
    const outcome = await this.ask(waiting)
    if (outcome.kind === 'refused') {
      const { key, amountMinor, programme, since } = waiting
      const late = { key, amountMinor, programme, since, reason: outcome.problem.message }
      this.refused = [late, ...this.refused].slice(0, REFUSED_KEPT)
      this.write('refused', this.refused)
      this.changed()
    }
    return outcome
  }

  /** The cashier has read of a late refusal. */
  readonly dismiss = (key: string): void => {
    this.refused = this.refused.filter(late => late.key !== key)
    this.write('refused', this.refused)
    this.changed()
  }

  private async ask(waiting: Waiting): Promise<Outcome> {
    if (this.asking.has(waiting.key)) return { kind: 'unknown', waiting }
    this.asking.add(waiting.key)
    try {
      const receipt = await this.send(waiting)
      this.settled(waiting)
      return { kind: 'paid', receipt, waiting }
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.isUncertain || SETTLES_NOTHING.has(problem.code)) return { kind: 'unknown', waiting }
      this.settled(waiting)
      return { kind: 'refused', problem, waiting }
    } finally {
      this.asking.delete(waiting.key)
    }
  }

  private settled(waiting: Waiting): void {
    this.keep(this.waiting.filter(other => other.key !== waiting.key))
  }

  private keep(waiting: readonly Waiting[]): void {
    this.waiting = waiting
    this.write('waiting', waiting)
    this.changed()
  }

  private changed(): void {
    this.listeners.forEach(listener => listener())
  }

  private read<T>(name: string): readonly T[] {
    try {
      return JSON.parse(this.storage.getItem(`am.reader.${name}`) ?? '[]') as T[]
    } catch {
      return []
    }
  }

  private write(name: string, value: readonly unknown[]): void {
    this.storage.setItem(`am.reader.${name}`, JSON.stringify(value))
  }
}

export function useWaiting(queue: Queue): readonly Waiting[] {
  return useSyncExternalStore(queue.subscribe, queue.waitingNow, queue.waitingNow)
}

export function useRefusedLater(queue: Queue): readonly RefusedLater[] {
  return useSyncExternalStore(queue.subscribe, queue.refusedNow, queue.refusedNow)
}
