import { expect, test } from 'vitest'
import { noAnswer, Problem } from '@/lib/api/problem'
import { Queue, type Receipt, type Send, type Storage } from './pending'

const ORDER = { code: 'AM1.X', amountMinor: 12_000, priceMinor: 12_000, programme: 'Plavenka 60+' }
const receiptOf = (amount: number) => ({ amount_minor: amount, receipt_number: '48 201 337' }) as Receipt
const now = () => Promise.resolve()

function storage(): Storage & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return { kept, getItem: name => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) }
}

/** A till's server: debits once a key, and loses as many answers as told. */
function server(lost: number): { send: Send; keys: string[]; debits: Set<string> } {
  const keys: string[] = []
  const debits = new Set<string>()
  const send: Send = waiting => {
    keys.push(waiting.key)
    debits.add(waiting.key)
    return keys.length <= lost ? Promise.reject(noAnswer()) : Promise.resolve(receiptOf(waiting.amountMinor))
  }
  return { send, keys, debits }
}

test('a lost answer is asked for with the same key, and it is one debit', async () => {
  const { send, keys, debits } = server(2)
  let doubts = 0
  const queue = new Queue(send, storage(), now)
  const outcome = await queue.redeem(ORDER, () => (doubts += 1))
  expect(outcome.kind).toBe('paid')
  expect([keys.length, new Set(keys).size, debits.size, doubts]).toEqual([3, 1, 1, 2])
  expect(queue.waitingNow()).toEqual([])
})

test('without a network it waits, survives a restart of the device and ends once', async () => {
  const kept = storage()
  const { send, debits } = server(5)
  const before = await new Queue(send, kept, now).redeem(ORDER, () => {})
  expect(before.kind).toBe('unknown')
  const after = new Queue(send, kept, now)
  expect(after.waitingNow()).toHaveLength(1)
  await after.askAll()
  expect(after.waitingNow()).toHaveLength(1)
  await after.askAll()
  expect(after.waitingNow()).toEqual([])
  expect(debits.size).toBe(1)
})

test('a refusal ends it and is not kept', async () => {
  const queue = new Queue(() => Promise.reject(new Problem(409, { code: 'already_used' })), storage(), now)
  const outcome = await queue.redeem(ORDER, () => {})
  expect(outcome.kind).toBe('refused')
  expect(queue.waitingNow()).toEqual([])
  expect(queue.refusedNow()).toEqual([])
})

test('a refusal that comes late is put down for the cashier', async () => {
  const kept = storage()
  await new Queue(() => Promise.reject(noAnswer()), kept, now).redeem(ORDER, () => {})
  const later = new Queue(() => Promise.reject(new Problem(409, { code: 'already_used', detail: 'Už uplatněno' })), kept, now)
  await later.askAll()
  expect(later.waitingNow()).toEqual([])
  expect(later.refusedNow()).toMatchObject([{ amountMinor: 12_000, reason: 'Už uplatněno' }])
  later.dismiss(later.refusedNow()[0]!.key)
  expect(new Queue(() => Promise.reject(noAnswer()), kept, now).refusedNow()).toEqual([])
})

test.each(['too_many_tries', 'try_again', 'till_revoked'])('%s settles nothing', async code => {
  const queue = new Queue(() => Promise.reject(new Problem(429, { code })), storage(), now)
  expect((await queue.redeem(ORDER, () => {})).kind).toBe('unknown')
  expect(queue.waitingNow()).toHaveLength(1)
})
