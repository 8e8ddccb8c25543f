import { expect, test } from 'vitest'
import { noAnswer, Problem } from '@/lib/api/problem'
import { endOf, Queue, takeOver, type Outside, type Receipt, type Records, type Waiting } from './pending'

const ORDER = { code: 'AM1.X', amountMinor: 12_000, priceMinor: 12_000, programme: 'Plavenka 60+' }
const receiptOf = (amount: number) => ({ amount_minor: amount, receipt_number: '48 201 337' }) as Receipt

function kept(): Records & { map: Map<string, Waiting> } {
  const map = new Map<string, Waiting>()
  return {
    map,
    all: () => Promise.resolve([...map.values()]),
    get: key => Promise.resolve(map.get(key)),
    set: waiting => Promise.resolve(void map.set(waiting.key, waiting)),
    remove: key => Promise.resolve(void map.delete(key)),
  }
}

/** A server of one provider: debits once a key, and loses as many answers as told. */
function server(lost = 0) {
  const sent: string[] = []
  const debits = new Map<string, Receipt>()
  const send = (waiting: Waiting) => {
    sent.push(waiting.key)
    if (!debits.has(waiting.key)) debits.set(waiting.key, receiptOf(waiting.amountMinor))
    return sent.length <= lost ? Promise.reject(noAnswer()) : Promise.resolve(debits.get(waiting.key)!)
  }
  return { sent, debits, send, ask: (waiting: Waiting) => Promise.resolve(debits.get(waiting.key) ?? null) }
}

/** One device: what its tabs share. */
function device(till = 'till-1') {
  const held = new Set<string>()
  const alone: Outside['alone'] = async (name, run) => {
    if (held.has(name)) return null
    held.add(name)
    return run().finally(() => held.delete(name))
  }
  return { till, clock: 1_000_000, alone }
}

function tab(records: Records, on: ReturnType<typeof device>, api: Pick<Outside, 'send' | 'ask'>): Queue {
  return new Queue(records, { ...api, till: () => on.till, now: () => on.clock, sleep: () => Promise.resolve(), alone: on.alone, tell: () => {} })
}

const refusing = (problem: Problem) => ({ send: () => Promise.reject(problem), ask: () => Promise.reject(problem) })

test('a lost answer is asked for with the same key, and it is one debit', async () => {
  const api = server(2)
  const queue = tab(kept(), device(), api)
  let doubts = 0
  const outcome = await queue.redeem(ORDER, () => (doubts += 1))
  expect(outcome.kind).toBe('paid')
  expect([api.sent.length, new Set(api.sent).size, api.debits.size, doubts]).toEqual([3, 1, 1, 2])
  expect(queue.waitingNow()).toEqual([])
})

test('without a network it waits, survives a restart of the device, and its end stays until it is read', async () => {
  const [records, on, api] = [kept(), device(), server(5)]
  expect((await tab(records, on, api).redeem(ORDER, () => {})).kind).toBe('unknown')
  const after = tab(records, on, api)
  await after.reread()
  for (const waits of [1, 0]) {
    await after.askAll()
    expect(after.waitingNow()).toHaveLength(waits)
  }
  expect(api.debits.size).toBe(1)
  const [ended] = after.unreadNow()
  expect(endOf(ended!)).toMatchObject({ kind: 'paid', receipt: { amount_minor: 12_000 } })
  await after.forget(ended!.key)
  expect(records.map.size).toBe(0)
})

test('after another pairing it is asked for by its key and never sent again', async () => {
  const [records, on, api] = [kept(), device('till-1'), server(4)]
  await tab(records, on, api).redeem(ORDER, () => {})
  const sent = api.sent.length
  on.till = 'till-2'
  const after = tab(records, on, api)
  await after.reread()
  await after.askAll()
  expect(api.sent).toHaveLength(sent)
  expect(endOf(after.unreadNow()[0]!)).toMatchObject({ kind: 'paid' })
  expect(api.debits.size).toBe(1)
})

test('what never reached the town is told so only once nothing can come any more', async () => {
  const [records, on] = [kept(), device('till-1')]
  await tab(records, on, refusing(noAnswer())).redeem(ORDER, () => {})
  on.till = 'till-2'
  const after = tab(records, on, { ...server(), send: () => Promise.reject(new Error('sent under another till')) })
  await after.reread()
  await after.askAll()
  expect(after.waitingNow()).toHaveLength(1)
  on.clock += 120_000
  await after.askAll()
  expect(after.unreadNow()[0]!.ended).toEqual({ kind: 'nothing' })
})

test('of another provider nothing is told, and the cashier is told that', async () => {
  const [records, on] = [kept(), device('till-1')]
  await tab(records, on, refusing(noAnswer())).redeem(ORDER, () => {})
  on.till = 'till-of-another-provider'
  const after = tab(records, on, refusing(new Problem(404, { code: 'redemption_unknown' })))
  await after.reread()
  await after.askAll()
  expect(after.unreadNow()[0]!.ended).toEqual({ kind: 'untold' })
})

test('two tabs keep both of what waits, and only one of them asks', async () => {
  const [records, on, lost] = [kept(), device(), refusing(noAnswer())]
  const [one, other] = [tab(records, on, lost), tab(records, on, lost)]
  await Promise.all([one.redeem(ORDER, () => {}), other.redeem({ ...ORDER, amountMinor: 5_000 }, () => {})])
  expect(records.map.size).toBe(2)
  const api = server()
  const tabs = [tab(records, on, api), tab(records, on, api)]
  for (const each of tabs) await each.reread()
  await Promise.all(tabs.map(each => each.askAll()))
  expect(new Set(api.sent).size).toBe(2)
  expect(api.sent).toHaveLength(2)
})

test('a refusal ends it and is not kept', async () => {
  const records = kept()
  const queue = tab(records, device(), refusing(new Problem(409, { code: 'already_used' })))
  expect((await queue.redeem(ORDER, () => {})).kind).toBe('refused')
  expect(records.map.size).toBe(0)
})

test('a refusal that comes late keeps its facts for the cashier', async () => {
  const [records, on] = [kept(), device()]
  await tab(records, on, refusing(noAnswer())).redeem(ORDER, () => {})
  const later = tab(records, on, refusing(new Problem(409, { code: 'already_used', facts: { where: 'Bazén' } })))
  await later.reread()
  await later.askAll()
  const outcome = endOf(later.unreadNow()[0]!)
  expect(outcome?.kind === 'refused' && [outcome.problem.code, outcome.problem.facts['where']]).toEqual(['already_used', 'Bazén'])
})

test.each([['try_again', 503], ['till_revoked', 401], ['our_fault', 500], ['something_new', 409]])('%s settles nothing', async (code, status) => {
  const queue = tab(kept(), device(), refusing(new Problem(status, { code })))
  expect((await queue.redeem(ORDER, () => {})).kind).toBe('unknown')
  expect(queue.waitingNow()).toHaveLength(1)
})

test('what the device cannot keep is not sent', async () => {
  const api = server()
  const records = { ...kept(), set: () => Promise.reject(new Error('no space')) }
  expect(await tab(records, device(), api).redeem(ORDER, () => {})).toMatchObject({ kind: 'refused', problem: { code: 'not_kept' } })
  expect(api.sent).toEqual([])
})

test('what an older version kept is asked for and never sent', async () => {
  const [records, on, api] = [kept(), device(), server()]
  const before = new Map([['am.reader.waiting', JSON.stringify([{ ...ORDER, key: 'old-key-1', since: '2026-11-20T10:00:00Z' }])]])
  const storage = { getItem: (name: string) => before.get(name) ?? null, removeItem: (name: string) => void before.delete(name) }
  await takeOver(records, storage as Storage, on.clock)
  api.debits.set('old-key-1', receiptOf(12_000))
  const queue = tab(records, on, api)
  await queue.reread()
  await queue.askAll()
  expect(api.sent).toEqual([])
  expect(queue.unreadNow()[0]!.ended?.kind).toBe('paid')
  expect(before.size).toBe(0)
})
