import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CHECKED, REDEEMED, TAKEN_BACK, UNSETTLED } from '@/features/reader/refusals'

/** Said by the web itself, where no answer of the API came. */
const OF_THE_WEB = ['no_answer', 'sign_in_again', 'unexpected', 'unknown', 'not_kept']
/** The till's table, which its own test holds against each of its doors, and the step of a form where a refusal is mended. */
const TABLES = ['features/reader/refusals.ts', 'features/people/Registration.tsx']
/** Of a condition or of a language. */
const NO_REFUSALS = /\b(one|condition|language)\w*\.code/

const WEB = new URL('../', import.meta.url).pathname
const sources = readdirSync(`${WEB}src`, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file) && !/\.test\.|schema\.d\.ts|lib\/(format|texts)\.ts/.test(file))
  .map(file => ({ file, text: readFileSync(`${WEB}src/${file}`, 'utf8') }))

/** Every code that a door of the API may answer with. */
const answered = new Set(
  [...readFileSync(`${WEB}../docs/openapi.json`, 'utf8').matchAll(/"code": \{\s*"enum": \[([^\]]*)\]/g)].flatMap(([, codes]) => codes!.match(/\w+/g) ?? []),
)

test('words of a refusal come from the API: no screen has a table of its own from codes to texts', () => {
  const found = sources.filter(({ text }) => /\[\w*(problem|refus|thrown|error)\w*\.code\]/i.test(text)).map(({ file }) => file)
  expect(found.toSorted()).toEqual(TABLES.toSorted())
})

test('a code that a screen decides by is one that the API answers with', () => {
  const compared = sources.flatMap(({ text }) =>
    text.split('\n').filter(line => !NO_REFUSALS.test(line)).flatMap(line => [...line.matchAll(/\bcode (?:===|!==) '(\w+)'/g)].map(([, code]) => code!)),
  )
  const decidedBy = [...compared, ...[CHECKED, REDEEMED, TAKEN_BACK].flatMap(Object.keys), ...UNSETTLED]
  expect(answered.size).toBeGreaterThan(100)
  expect(decidedBy.length).toBeGreaterThan(40)
  expect(decidedBy.filter(code => !answered.has(code) && !OF_THE_WEB.includes(code))).toEqual([])
})
