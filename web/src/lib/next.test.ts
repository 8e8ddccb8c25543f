import { expect, test } from 'vitest'
import { nextIn, safeNext, withNext } from './next'

test('a way on comes back as it was sent', () => {
  expect(nextIn(new URL(withNext('https://x.example/registrace', '/zadosti/nova/01ab-CD_2')).search)).toBe('/zadosti/nova/01ab-CD_2')
  expect(withNext('/registrace', '')).toBe('/registrace')
})

test.each(['//zlo.example', '/\\zlo.example', 'https://zlo.example', 'javascript:alert(1)', '/a/../..', '/a//b', '/a?b=c', '/a#b', '/a/', '/', 'a', ' /a', '/a\n', `/${'a'.repeat(200)}`])('%j leads nowhere', text => {
  expect(safeNext(text)).toBe('')
  expect(nextIn(`dal=${encodeURIComponent(text)}`)).toBe('')
})
