import { expect, test } from 'vitest'
import { sightOf, type Seen } from './sights'

const A = `AM1.${'A'.repeat(26)}`
const B = `AM1.${'B'.repeat(26)}`
const at = (text: string, x = 0.5, y = 0.5): Seen => ({ text, x, y })

test('one voucher is taken when two looks after each other saw it alone', () => {
  expect(sightOf([], [at(A)])).toEqual({ kind: 'nothing' })
  expect(sightOf([at(A)], [at(A)])).toEqual({ kind: 'one', code: A })
  expect(sightOf([at(A)], [])).toEqual({ kind: 'nothing' })
})

test('two vouchers are a question, also when each look saw only one of them', () => {
  const choices = [{ code: B, place: 'left' }, { code: A, place: 'right' }]
  expect(sightOf([], [at(A, 0.8), at(B, 0.2)])).toEqual({ kind: 'several', choices })
  expect(sightOf([at(A, 0.8)], [at(B, 0.2)])).toEqual({ kind: 'several', choices })
  expect(sightOf([], [at(A, 0.5, 0.9), at(B, 0.52, 0.1)])).toMatchObject({ choices: [{ code: B, place: 'top' }, { place: 'bottom' }] })
})

test('a foreign code beside a voucher does not matter, alone it is told', () => {
  const poster = at('https://example.org/')
  expect(sightOf([at(A), poster], [at(A)])).toEqual({ kind: 'one', code: A })
  expect(sightOf([], [poster])).toEqual({ kind: 'foreign' })
})
