import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { noAnswer, Problem } from '@/lib/api/problem'
import type { Receipt, Waiting } from './pending'
import { CHECKED, checkedAs, isSettled, REDEEMED, redeemedAs, TAKEN_BACK, takenBackAs, told, UNSETTLED } from './refusals'
import { readerTexts } from './texts'

const refusal = (code: string, facts: Record<string, unknown> = {}, status = 409) => new Problem(status, { code, facts })
const AT = '/v1/cities/{city}/vouchers'

/** The codes that a door names in the API's description. */
function codesOf(path: string): string[] {
  const api = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')) as {
    paths: Record<string, { post: { description: string } }>
  }
  const { description } = api.paths[AT + path]!.post
  const codes = description.slice(description.indexOf('Refusals:')).match(/[a-z]+(_[a-z]+)+|frozen/g) ?? []
  expect(codes.length).toBeGreaterThan(4)
  return codes
}

test('every refusal of a check, a redemption and a taking back has its own words', () => {
  const untold = (path: string, known: readonly string[]) => codesOf(path).filter(code => !known.includes(code))
  expect(untold('/check', Object.keys(CHECKED))).toEqual([])
  expect(untold('/redeem', [...Object.keys(REDEEMED), ...UNSETTLED])).toEqual([])
  expect(untold('/{id}/redemptions/{line}/undo', Object.keys(TAKEN_BACK))).toEqual([])
})

test('a taking back that was refused never says that nothing was debited or that the voucher is bad', () => {
  for (const catalogue of [readerTexts.cs, readerTexts.en, readerTexts.uk!]) {
    const said = Object.values(catalogue.whyNotBack).flatMap(Object.values).join(' ')
    expect(said).not.toMatch(/neodečetl|nepřijímejte|nothing was debited|do not accept|не списано|не приймайте/i)
  }
})

test('an unknown end is called unknown', () => {
  for (const problem of [noAnswer(), refusal('our_fault', {}, 500), refusal('try_again', {}, 503), refusal('something_new')]) {
    expect(takenBackAs(problem)).toBeNull()
    expect(isSettled(problem)).toBe(false)
  }
  expect(redeemedAs(refusal('something_new'))).toEqual({ verdict: 'undecided', why: 'unsure' })
  expect(readerTexts.cs.why.unsure.title).toBe('Výsledek neznáme')
})

test('a check moves nothing, so whatever it hears nothing was debited', () => {
  expect(checkedAs(refusal('something_new'))).toEqual({ verdict: 'undecided', why: 'ours' })
  expect(checkedAs(noAnswer())).toEqual({ verdict: 'undecided', why: 'offline' })
})

test('a voucher that is good but stopped by the town is amber, never red', () => {
  for (const what of ['town', 'programme', 'provider']) expect(checkedAs(refusal('frozen', { what }))).toEqual({ verdict: 'elsewhere', why: 'frozen' })
})

test('a stopped till says so, because another till may work', () => {
  for (const as of [checkedAs, redeemedAs]) expect(as(refusal('frozen', { what: 'till' }))).toEqual({ verdict: 'elsewhere', why: 'frozenTill' })
})

test.each(['day_limit_reached', 'category_limit_reached', 'provider_limit_reached'])('%s leaves the voucher its value', code => {
  expect(redeemedAs(refusal(code)).verdict).toBe('elsewhere')
})

test('what was taken back before the till learned of it is told so, in every language', () => {
  const receipt = { amount_minor: 12_000, receipt_number: '48 201 337', undone_at: null } as Receipt
  const waiting = {} as Waiting
  const back = { ...receipt, undone_at: '2026-11-30T08:14:00Z' }
  for (const t of [readerTexts.cs, readerTexts.en, readerTexts.uk!]) {
    const [paid, undone] = [receipt, back].map(one => told({ kind: 'paid', receipt: one, waiting }, t))
    expect(paid).toContain(t.paid.title('').trim())
    expect(undone).not.toContain(t.paid.title('').trim())
    expect(undone).toContain(t.undone.title('').trim())
    expect(undone).toMatch(/9[:.]14/)
  }
})
