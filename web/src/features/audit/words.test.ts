import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bookTexts } from './texts'
import { accountWords, doerWords, entryHref, namesWith, placeOf } from './words'

const t = bookTexts.cs
const names = { programmes: new Map([['p1', 'Plavenka 60+']]), providers: new Map([['s1', 'Městský bazén']]) }
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('every kind of movement that the ledger knows has a word in both languages', () => {
  const model = readFileSync(new URL('../../../../chalicelib/money/ledger/model.py', import.meta.url), 'utf8')
  const listed = /type Kind = Literal\[([^\]]*)\]/.exec(model)![1]!
  const kinds = [...listed.matchAll(/"(\w+)"/g)].map(([, kind]) => kind!)
  expect(kinds.length).toBeGreaterThan(20)
  for (const words of [bookTexts.cs, bookTexts.en]) expect(kinds.filter(kind => !words.kinds[kind])).toEqual([])
})

test('accounts read in words, with the names that are known', () => {
  expect(plain(accountWords('town:2026', names, t))).toBe('Město, rozpočet 2026')
  expect(plain(accountWords('budget:p1', names, t))).toBe('Rozpočet programu Plavenka 60+')
  expect(plain(accountWords('grant:g1', names, t, 'p1'))).toBe('Příspěvek Plavenka 60+')
  expect(plain(accountWords('provider:s1', names, t))).toBe('Městský bazén')
  expect(accountWords('provider:s2', names, t)).toBe('Poskytovatel')
  for (const account of ['clearing', 'bank', 'operator', 'inside', 'loss']) expect(accountWords(account, names, t)).not.toBe(account)
  expect(accountWords('vault:1', names, t)).toBe('vault:1')
})

test('an entry brings the name of its provider where the list has none', () => {
  const known = namesWith({ provider: 's2', provider_name: 'Kino Jiskra' }, names)
  expect(accountWords('provider:s2', known, t)).toBe('Kino Jiskra')
  expect(namesWith({ provider: 's1', provider_name: 'Jinak' }, names)).toBe(names)
})

test('where the proof names a place, it is the same account', () => {
  expect(accountWords('G#g1', names, t, 'p1')).toBe(accountWords('grant:g1', names, t, 'p1'))
  expect(accountWords('PR#s1', names, t)).toBe(accountWords('provider:s1', names, t))
})

test('colleagues have names, citizens and devices none', () => {
  expect(doerWords({ by_name: 'Petra Malá', via: 'admin', till: '' }, t)).toBe('Petra Malá, Správa')
  expect(plain(doerWords({ by_name: '', via: 'moje', till: '' }, t))).toBe('Občan, Moje Aktivní město')
  expect(doerWords({ by_name: '', via: 'reader', till: 't1' }, t)).toBe('Pokladna, čtečka')
  expect(doerWords({ by_name: '', via: 'vouchers', till: '' }, t)).toBe('automat')
})

const entry = { id: 'e1', at: '2026-11-20T08:00:00Z', grant: '', programme: 'p1', provider: '' }

test('an entry of a contribution is found in its whole life', () => {
  const href = entryHref({ ...entry, grant: 'g1' })
  expect(href).toBe('/kniha/zapis/e1?grant=g1')
  expect(placeOf(new URLSearchParams(href.split('?')[1]))).toEqual({ grant: 'g1' })
})

test('another is found among those of its programme or provider around its day, never after today', () => {
  const params = new URLSearchParams(entryHref(entry).split('?')[1])
  expect(placeOf(params, '2026-11-22')).toEqual({ first: '2026-11-05', last: '2026-11-22', programme: 'p1', provider: '' })
  expect(placeOf(params, '2027-01-01').last).toBe('2026-12-05')
})
