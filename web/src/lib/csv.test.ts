import { expect, test } from 'vitest'
import { csv } from './csv'

const cells = (...row: (string | number)[]) => csv(['a'], [row]).slice(1).split('\r\n').slice(1, -1).join('\r\n')

test.each(['=1+1', '+420', '-A1', '@SUM(A1)', '\t=1', '-1+1'])('a text that begins as a formula is shown, not computed: %j', text => {
  expect(cells(text)).toBe(`'${text}`)
})

test('a carriage return before a formula is quoted too', () => {
  expect(cells('\r=1')).toBe('"\'\r=1"')
})

test('amounts stay numbers', () => {
  expect(cells(-12.5, '-1234,50', 0)).toBe('-12,5;-1234,50;0')
})

test('what separates cells is quoted', () => {
  expect(cells('a;b', 'říká "ne"', 'dva\nřádky')).toBe('"a;b";"říká ""ne""";"dva\nřádky"')
})
