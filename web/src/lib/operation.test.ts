import { expect, test } from 'vitest'
import { Problem, noAnswer } from './api/problem'
import { Operation, type KeyStore, type Send } from './operation'

function aStore(): KeyStore & { values: Map<string, string> } {
  const values = new Map<string, string>()
  return { values, read: name => values.get(name) ?? null, write: (name, value) => void values.set(name, value), remove: name => void values.delete(name) }
}

type Step = 'lost' | 'answer' | Problem
function aServer(...steps: Step[]): { send: Send<{ amount_minor: number }, string>; keys: string[]; bodies: unknown[] } {
  const keys: string[] = []
  const bodies: unknown[] = []
  return {
    keys,
    bodies,
    send: async (body, headers) => {
      keys.push(headers['Idempotency-Key'])
      bodies.push(body)
      const step = steps.shift() ?? 'answer'
      if (step === 'lost') throw noAnswer()
      if (step !== 'answer') throw step
      return 'receipt'
    },
  }
}
const SIX_LOST: Step[] = ['lost', 'lost', 'lost', 'lost', 'lost', 'lost']
const atOnce = async () => {}
const BODY = { amount_minor: 12000 }

test('an answer settles the operation and forgets its key', async () => {
  const store = aStore()
  const server = aServer('answer')
  const end = await new Operation('pay', server.send, store, atOnce).run(BODY)
  expect(end).toEqual({ phase: 'done', result: 'receipt' })
  expect(store.values.size).toBe(0)
})

test('a lost answer is asked for again with the same key, never a new one', async () => {
  const server = aServer('lost', 'lost', 'answer')
  const operation = new Operation('pay', server.send, aStore(), atOnce)
  const phases: string[] = []
  operation.subscribe(() => phases.push(operation.getState().phase))
  await operation.run(BODY)
  expect(new Set(server.keys).size).toBe(1)
  expect(phases).toEqual(['sending', 'checking', 'checking', 'done'])
})

test('the key is stored before the first byte leaves', async () => {
  const store = aStore()
  let storedWhenSent = 0
  await new Operation('pay', async () => { storedWhenSent = store.values.size }, store, atOnce).run(BODY)
  expect(storedWhenSent).toBe(1)
})

test('after a reload the same operation is asked for, with its first body', async () => {
  const store = aStore()
  const dead = aServer(...SIX_LOST)
  expect(await new Operation('pay', dead.send, store, atOnce).run(BODY)).toEqual({ phase: 'unsure' })
  const alive = aServer('answer')
  const reloaded = new Operation('pay', alive.send, store, atOnce)
  await reloaded.resume()
  expect(reloaded.getState().phase).toBe('done')
  expect(alive.keys[0]).toBe(dead.keys[0])
  expect(alive.bodies[0]).toEqual(BODY)
})

test('while unsure, a press asks after the first operation instead of starting another', async () => {
  const server = aServer(...SIX_LOST, 'answer')
  const operation = new Operation('pay', server.send, aStore(), atOnce)
  await operation.run(BODY)
  await operation.run({ amount_minor: 99 })
  expect(new Set(server.keys).size).toBe(1)
  expect(server.bodies.at(-1)).toEqual(BODY)
})

test('a refusal ends it, and the next press is a new operation', async () => {
  const server = aServer(new Problem(409, { code: 'credit_too_small' }), 'answer')
  const operation = new Operation('pay', server.send, aStore(), atOnce)
  expect((await operation.run(BODY)).phase).toBe('refused')
  await operation.run(BODY)
  expect(new Set(server.keys).size).toBe(2)
})

test('a sign-in that expired while we asked after the outcome proves nothing about it', async () => {
  const store = aStore()
  const expired = new Problem(401, { code: 'sign_in_again' })
  const server = aServer('lost', expired, expired, expired, expired, expired)
  expect((await new Operation('pay', server.send, store, atOnce).run(BODY)).phase).toBe('unsure')
  expect(store.values.size).toBe(1)
})

test('a second press while the first is on its way is ignored', async () => {
  let release: (receipt: string) => void = () => {}
  let sent = 0
  const operation = new Operation('pay', () => { sent += 1; return new Promise<string>(done => (release = done)) }, aStore(), atOnce)
  const first = operation.run(BODY)
  await operation.run(BODY)
  release('receipt')
  await first
  expect(sent).toBe(1)
})
