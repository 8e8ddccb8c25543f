/** Money, dates and numbers as people in the town read them. Days and hours are those of Prague. */
import { language, LOCALES, type Language } from './texts'

const HARD = '\u00a0'
const MINUS = '\u2212'
export const ZONE = 'Europe/Prague'

/** `auto` drops the decimals of whole crowns: for sentences and figures. Tables keep two. */
export type Decimals = 'auto' | 'always'

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules | Intl.Collator>()

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules | Intl.Collator>(key: string, make: () => T): T {
  const existing = made.get(key)
  if (existing) return existing as T
  const fresh = make()
  made.set(key, fresh)
  return fresh
}

const typographic = (text: string) => text.replace(/[ \u202f]/g, HARD).replace(/^-/, MINUS)

/** `money(123450)` is „1 234,50 Kč", `money(-15000, 'always')` is „−150,00 Kč"; whole haléře in. */
export function money(minor: number, decimals: Decimals = 'auto', code: Language = language()): string {
  const digits = decimals === 'always' || minor % 100 !== 0 ? 2 : 0
  const amount = number(minor / 100, { minimumFractionDigits: digits, maximumFractionDigits: digits }, code)
  return code === 'en' ? signed('CZK', amount) : `${amount}${HARD}Kč`
}

const signed = (currency: string, amount: string) =>
  amount.startsWith(MINUS) ? `${MINUS}${currency}${HARD}${amount.slice(1)}` : `${currency}${HARD}${amount}`

/** A movement: „+500,00 Kč" or „−150,00 Kč". */
export function moneyChange(minor: number, code: Language = language()): string {
  return minor > 0 ? `+${money(minor, 'always', code)}` : money(minor, 'always', code)
}

export function number(value: number, options: Intl.NumberFormatOptions = {}, code: Language = language()): string {
  const key = `n${code}${JSON.stringify(options)}`
  return typographic(once(key, () => new Intl.NumberFormat(LOCALES[code], options)).format(value + 0)) // a zero has no sign, however it was worked out
}

/** `percent(0.353)` is „35,3 %". */
export function percent(share: number, code: Language = language()): string {
  return number(share, { style: 'percent', maximumFractionDigits: 1, minimumFractionDigits: share === 0 || share === 1 ? 0 : 1 }, code)
}

export function fileSize(bytes: number, code: Language = language()): string {
  const inMegabytes = bytes >= 1_000_000
  return `${number(bytes / (inMegabytes ? 1_000_000 : 1000), { maximumFractionDigits: inMegabytes ? 1 : 0 }, code)}${HARD}${inMegabytes ? 'MB' : 'kB'}`
}

export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** `plural(5, {one: 'voucher', few: 'vouchery', many: 'voucheru', other: 'voucherů'})` is „5 voucherů". */
export function plural(count: number, forms: PluralForms, code: Language = language()): string {
  return `${number(count, {}, code)}${HARD}${pluralForm(count, forms, code)}`
}

/** Only the word, for a sentence that writes the number itself. */
export function pluralForm(count: number, forms: PluralForms, code: Language = language()): string {
  const rules = once(`p${code}`, () => new Intl.PluralRules(LOCALES[code]))
  return forms[rules.select(count)] ?? forms.other
}

type Day = string // YYYY-MM-DD
type Instant = string | Date // ISO 8601 in UTC

const isDay = (when: string | Date): when is Day => typeof when === 'string' && /^\d{4}-\d\d-\d\d$/.test(when)
const asDate = (when: Day | Instant) => new Date(isDay(when) ? `${when}T12:00:00Z` : when)

function dateFormat(options: Intl.DateTimeFormatOptions, code: Language): Intl.DateTimeFormat {
  return once(`d${code}${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(LOCALES[code], { timeZone: ZONE, ...options }))
}

/** „20. 11. 2026", unbroken. */
export function date(when: Day | Instant, code: Language = language()): string {
  const month = code === 'en' ? 'short' : 'numeric'
  return typographic(dateFormat({ day: 'numeric', month, year: 'numeric' }, code).format(asDate(when)))
}

/** „9:14". */
export function time(when: Instant, code: Language = language()): string {
  return dateFormat({ hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }, code).format(asDate(when)).replace(/^0(?=\d:)/, '')
}

/** „20. 11. 2026 v 9:14". */
export function dateTime(when: Instant, code: Language = language()): string {
  const joint = { cs: 'v', en: 'at', uk: 'о' }[code]
  return `${date(when, code)} ${joint}${HARD}${time(when, code)}`
}

/** The day in Prague of an instant, as the API writes days. */
export function day(when: Instant = new Date()): Day {
  return once('day', () => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE })).format(asDate(when))
}

export function daysUntil(until: Day | Instant, now: Instant = new Date()): number {
  const start = (when: Day) => Date.parse(`${when}T00:00:00Z`)
  return Math.round((start(isDay(until) ? until : day(until)) - start(day(now))) / 86_400_000)
}

const SOON_DAYS = 7

/** „zbývají 4 dny", „platí do dneška"; nothing when the day is further than a week, or past. */
export function remaining(until: Day | Instant, now: Instant = new Date(), code: Language = language()): string | null {
  const days = daysUntil(until, now)
  if (days < 0 || days >= SOON_DAYS) return null
  if (code === 'en') return days === 0 ? 'last day today' : `${plural(days, { one: 'day', other: 'days' }, 'en')} left`
  if (code === 'uk') return days === 0 ? 'останній день сьогодні' : `залишилося ${plural(days, { one: 'день', few: 'дні', many: 'днів', other: 'дня' }, 'uk')}`
  if (days === 0) return 'poslední den dnes'
  return `${days >= 2 && days <= 4 ? 'zbývají' : 'zbývá'}${HARD}${plural(days, { one: 'den', few: 'dny', many: 'dne', other: 'dní' }, 'cs')}`
}

/** „24. 11. 2026, zbývají 4 dny": a deadline as people need it. */
export function deadline(until: Day | Instant, now: Instant = new Date(), code: Language = language()): string {
  const left = remaining(until, now, code)
  return left ? `${date(until, code)}, ${left}` : date(until, code)
}

/** Whole years completed on a day. */
export function ageOn(birth: Day, on: Day = day()): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4))
  return on.slice(5) < birth.slice(5) ? years - 1 : years
}

export function age(years: number, code: Language = language()): string {
  if (code === 'en') return plural(years, { one: 'year', other: 'years' }, code)
  if (code === 'uk') return plural(years, { one: 'рік', few: 'роки', many: 'років', other: 'року' }, code)
  return plural(years, { one: 'rok', few: 'roky', many: 'roku', other: 'let' }, code)
}

/** Names in the order of the Czech alphabet: `names.sort(byCzech)`. */
export function byCzech(a: string, b: string): number {
  return once('collator', () => new Intl.Collator('cs')).compare(a, b)
}

export function initials(name: string): string {
  const parts = name.trim().split(/\s+/)
  return [parts[0], parts.length > 1 ? parts.at(-1) : ''].map(part => part?.[0] ?? '').join('').toLocaleUpperCase('cs')
}

const CODE_SIZES = [4, 4, 2]

/** A typed voucher code, tidied: no spaces, capitals, O is 0 and I or L is 1: „7K4M-9PQ2-XR". */
export function voucherCode(typed: string): string {
  const tidy = typed.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1').replace(/[^0-9A-Z]/g, '')
  const groups: string[] = []
  let from = 0
  for (const size of CODE_SIZES) {
    groups.push(tidy.slice(from, from + size))
    from += size
  }
  return [...groups, tidy.slice(from)].filter(Boolean).join('-')
}

/** „1234,50", „1 234.5", „1234 Kč" to whole haléře; null for what is no amount. */
export function parseMoney(typed: string): number | null {
  const tidy = typed.replace(/Kč|CZK|[\s\u00a0\u202f]/gi, '').replace(',', '.')
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(tidy)) return null
  const [crowns, fraction = ''] = tidy.split('.')
  return Number(crowns) * 100 + Number(fraction.padEnd(2, '0'))
}
