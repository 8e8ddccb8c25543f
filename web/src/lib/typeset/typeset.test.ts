import { expect, test } from 'vitest'
import { Fragment, jsx, jsxs } from './jsx-runtime'

const shown = (element: unknown) => (element as { props: { children: unknown } }).props.children

test('a text from anywhere keeps its prepositions off the end of a line', () => {
  expect(shown(jsx('p', { children: 'Dům dětí a mládeže' }))).toBe('Dům dětí a\u00a0mládeže')
  expect(shown(jsxs(Fragment, { children: ['z ', 90, ' v městě'] }))).toEqual(['z\u00a0', 90, ' v\u00a0městě'])
})

test('what is read to the letter and what goes to a component stays', () => {
  const part = () => null
  expect(shown(jsx('code', { children: 'klíč a heslo' }))).toBe('klíč a heslo')
  expect(shown(jsx(part, { children: 'klíč a heslo' }))).toBe('klíč a heslo')
})
