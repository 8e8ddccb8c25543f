/**
 * Redemptions on their way. Each has its key before the first byte leaves and is kept, also across a restart of the
 * device, until the server says how it ended and the cashier has seen it: asked again with the same key, it can never
 * happen twice. One record for each, and one tab at a time asks after it.
 */
import { createStore, del, get, set, values } from 'idb-keyval'
import { useSyncExternalStore } from 'react'
import { asProblem, Problem, type ProblemDocument } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { isSettled } from './refusals'

export type Receipt = components['schemas']['ReceiptShape']

export interface Waiting {
  key: string
  /** The till that made it; null where an older version of this app did not note it. */
  till: string | null
  code: string
  amountMinor: number
  priceMinor: number
  programme: string
  since: string
  /** When it was last sent, in milliseconds of the server's time. */
  sentAt: number
  /** How it ended, until the cashier has seen it. */
  ended?: Ended
}

/** `nothing`: it never reached the town. `untold`: it belongs to a pairing that this till cannot ask about. */
export type Ended =
  | { kind: 'paid'; receipt: Receipt }
  | { kind: 'refused'; status: number; document: ProblemDocument }
  | { kind: 'nothing' }
  | { kind: 'untold' }

export type Outcome =
  | { kind: 'paid'; receipt: Receipt; waiting: Waiting }
  | { kind: 'refused'; problem: Problem; waiting: Waiting }
  | { kind: 'nothing' | 'untold'; waiting: Waiting }
  | { kind: 'unknown'; problem: Problem; waiting: Waiting }

/** Where they are kept: one record for each key. */
export interface Records {
  all: () => Promise<Waiting[]>
  get: (key: string) => Promise<Waiting | undefined>
  set: (waiting: Waiting) => Promise<void>
  remove: (key: string) => Promise<void>
}

/** What a queue does outside of itself. */
export interface Outside {
  till: () => string | undefined
  /** Redeems, or gives the first receipt again. */
  send: (waiting: Waiting) => Promise<Receipt>
  /** Asks how one of another pairing ended; null while nothing. */
  ask: (waiting: Waiting) => Promise<Receipt | null>
  now: () => number
  sleep: (ms: number) => Promise<void>
  /** Runs while no other tab holds the name; null if one does. */
  alone: <T>(name: string, run: () => Promise<T>) => Promise<T | null>
  /** Tells the other tabs. */
  tell: () => void
}

const ASK_AGAIN_AFTER_MS = [500, 1_500, 3_000]
const NOTHING_COMES_AFTER_MS = 120_000 // a request lives ten seconds here and twenty at the server

export class Queue {
  private items: readonly Waiting[] = []
  private waiting: readonly Waiting[] = []
  private unread: readonly Waiting[] = []
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly records: Records,
    private readonly outside: Outside,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly waitingNow = () => this.waiting
  /** Those that ended after the cashier had gone on, and whose end nobody has seen. */
  readonly unreadNow = () => this.unread

  /** Reads what is kept: on start, and when another tab tells of a change. */
  readonly reread = async (): Promise<void> => {
    this.items = (await this.records.all()).sort((a, b) => a.since.localeCompare(b.since))
    this.waiting = this.items.filter(item => !item.ended)
    this.unread = this.items.filter(item => item.ended)
    this.listeners.forEach(listener => listener())
  }

  /** Redeems; `onDoubt` is called when the first answer does not come. Unknown in the end: it keeps waiting here. */
  async redeem(order: Pick<Waiting, 'code' | 'amountMinor' | 'priceMinor' | 'programme'>, onDoubt: () => void): Promise<Outcome> {
    const { outside } = this
    const now = outside.now()
    const waiting = { ...order, key: crypto.randomUUID(), till: outside.till() ?? null, since: new Date(now).toISOString(), sentAt: now }
    try {
      await this.keep(waiting)
    } catch {
      return { kind: 'refused', problem: new Problem(400, { code: 'not_kept' }), waiting } // and nothing has left
    }
    const all = async (): Promise<Outcome> => {
      for (const pause of [...ASK_AGAIN_AFTER_MS, null]) {
        const outcome = await this.asked(waiting)
        if (outcome.kind !== 'unknown') await this.forget(waiting.key)
        if (outcome.kind !== 'unknown' || pause === null) return outcome
        onDoubt()
        await outside.sleep(pause)
      }
      throw new Error('unreachable')
    }
    return (await outside.alone(waiting.key, all)) ?? inDoubt(waiting)
  }

  /** Asks after everything that waits: on coming on line, on start, and now and then. */
  async askAll(): Promise<void> {
    for (const { key } of this.waiting) await this.askLater(key)
  }

  /** Asks after one, unless another tab just does. How it ended is kept until somebody has seen it. */
  async askLater(key: string): Promise<void> {
    await this.outside.alone(key, async () => {
      const waiting = await this.records.get(key)
      if (!waiting || waiting.ended) return
      const outcome = await this.asked(waiting)
      if (outcome.kind !== 'unknown') await this.keep({ ...waiting, ended: asEnded(outcome) })
    })
    await this.reread()
  }

  /** The cashier has seen how it ended. */
  readonly forget = async (key: string): Promise<void> => {
    await this.records.remove(key)
    await this.changed()
  }

  private async asked(waiting: Waiting): Promise<Outcome> {
    try {
      return waiting.till === this.outside.till() ? await this.sent(waiting) : await this.askedFor(waiting)
    } catch (thrown) {
      const problem = asProblem(thrown)
      return isSettled(problem) ? { kind: 'refused', problem, waiting } : { kind: 'unknown', problem, waiting }
    }
  }

  private async sent(waiting: Waiting): Promise<Outcome> {
    await this.records.set({ ...waiting, sentAt: this.outside.now() })
    return { kind: 'paid', receipt: await this.outside.send(waiting), waiting }
  }

  /** Of another pairing: never sent again. Once nothing can come any more, nothing is an answer. */
  private async askedFor(waiting: Waiting): Promise<Outcome> {
    try {
      const receipt = await this.outside.ask(waiting)
      if (receipt) return { kind: 'paid', receipt, waiting }
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.code === 'redemption_unknown') return { kind: 'untold', waiting }
      throw problem
    }
    if (this.outside.now() - waiting.sentAt < NOTHING_COMES_AFTER_MS) return inDoubt(waiting)
    return { kind: waiting.till ? 'nothing' : 'untold', waiting }
  }

  private async keep(waiting: Waiting): Promise<void> {
    await this.records.set(waiting)
    await this.changed()
  }

  private async changed(): Promise<void> {
    await this.reread()
    this.outside.tell()
  }
}

function inDoubt(waiting: Waiting): Outcome {
  return { kind: 'unknown', problem: new Problem(0, { code: 'try_again' }), waiting }
}

function asEnded(outcome: Exclude<Outcome, { kind: 'unknown' }>): Ended {
  if (outcome.kind === 'paid') return { kind: 'paid', receipt: outcome.receipt }
  if (outcome.kind !== 'refused') return { kind: outcome.kind }
  const { status, code, title, message, facts } = outcome.problem
  return { kind: 'refused', status, document: { code, title, detail: message, facts: { ...facts } } }
}

/** A kept end as the outcome that a screen shows. */
export function endOf(waiting: Waiting): Outcome | null {
  const { ended } = waiting
  if (!ended) return null
  if (ended.kind === 'refused') return { kind: 'refused', problem: new Problem(ended.status, ended.document), waiting }
  return ended.kind === 'paid' ? { kind: 'paid', receipt: ended.receipt, waiting } : { kind: ended.kind, waiting }
}

/** This device's own store. */
export function onDevice(): Records {
  const store = createStore('am-reader', 'redemptions')
  return {
    all: () => values<Waiting>(store),
    get: key => get<Waiting>(key, store),
    set: waiting => set(waiting.key, waiting, store),
    remove: key => del(key, store),
  }
}

const KEPT_BEFORE = 'am.reader.waiting'

/** What an older version of this app kept in one list; which till made it was not noted, so it is only asked for. */
export async function takeOver(records: Records, storage: Storage, now: number): Promise<void> {
  const before = JSON.parse(storage.getItem(KEPT_BEFORE) ?? '[]') as Waiting[]
  for (const waiting of before) await records.set({ ...waiting, till: null, sentAt: now })
  storage.removeItem(KEPT_BEFORE)
}

export function useWaiting(queue: Queue): readonly Waiting[] {
  return useSyncExternalStore(queue.subscribe, queue.waitingNow, queue.waitingNow)
}

export function useUnread(queue: Queue): readonly Waiting[] {
  return useSyncExternalStore(queue.subscribe, queue.unreadNow, queue.unreadNow)
}
