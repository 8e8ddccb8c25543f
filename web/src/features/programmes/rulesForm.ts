/** The rules of a programme as an editor types them, and back: pure, so that nothing is lost on the way. */
import * as v from 'valibot'
import { filled, isExistingDay } from '@/lib/form'
import { money, parseMoney } from '@/lib/format'
import type { Rules } from './calls'

export interface Typed {
  name: string
  name_en: string
  purpose: string
  purpose_en: string
  text: string
  text_en: string
  topic: Rules['topic']
  mode: Rules['mode']
  parts: string
  max_per_person: string
  min_price: string
  day_limit: string
  provider_limit: string
  /** By category, what one contribution may spend in it. */
  limits: Record<string, string>
  remainder: Rules['remainder']
  single_use: boolean
  born_from: string
  born_to: string
  age_min: string
  age_max: string
  age_on: string
  codes: string
  kinds: string[]
  one_per_household: boolean
  decides: Rules['decides']
  waiting_list: boolean
  providers: string[]
  categories: string[]
  documents: string
  documents_en: string
  second_proof: boolean
  applications_from: string
  applications_to: string
  spending_from: string
  spending_to: string
  days_to_spend: string
  days_to_decide: string
  payable_on: Rules['payable_on']
  order_confirm_days: string
  undo_minutes: string
  legal_regime: Rules['legal_regime']
  legal_basis: string
  resolution_number: string
  resolution_on: string
  owner: string
  paragraph: string
  item: string
  department: string
  action: string
  purpose_mark: string
  /** By the provider's legal form, the item of the budget classification. */
  items: Record<string, string>
}

export const CATEGORIES = ['sport', 'art', 'music', 'language', 'science', 'scouting', 'camp', 'swimming', 'culture', 'books', 'school_supplies', 'health', 'garden', 'other'] as const
export const LEGAL_FORMS = ['association', 'branch_association', 'company', 'sole_trader', 'town_organisation', 'institute', 'school', 'other'] as const

const crowns = (minor: number) => money(minor).replace(/\s?Kč/, '')
const optionalCrowns = (minor: number) => (minor ? crowns(minor) : '')
const each = (names: readonly string[], of: (name: string) => string) => Object.fromEntries(names.map(name => [name, of(name)]))
const optional = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value))

export function typedOf(rules: Rules): Typed {
  const { who, coordinates } = rules
  const { items, ...places } = coordinates
  return {
    name: rules.name.cs,
    name_en: rules.name.en,
    purpose: rules.purpose.cs,
    purpose_en: rules.purpose.en,
    text: rules.text.cs,
    text_en: rules.text.en,
    topic: rules.topic,
    mode: rules.mode,
    parts: rules.denominations_minor.map(crowns).join(' + '),
    max_per_person: optionalCrowns(rules.max_per_person_minor),
    min_price: optionalCrowns(rules.min_price_minor),
    day_limit: optionalCrowns(rules.day_limit_minor),
    provider_limit: optionalCrowns(rules.provider_limit_minor ?? 0),
    limits: each(CATEGORIES, category => optionalCrowns(rules.category_limits?.[category] ?? 0)),
    remainder: rules.remainder,
    single_use: rules.single_use,
    born_from: who.born_from ?? '',
    born_to: who.born_to ?? '',
    age_min: optional(who.age_min),
    age_max: optional(who.age_max),
    age_on: who.age_on ?? '',
    codes: who.residence_codes.join(', '),
    kinds: [...who.residence_kinds],
    one_per_household: who.one_per_household,
    decides: rules.decides,
    waiting_list: rules.waiting_list,
    providers: [...rules.providers],
    categories: [...rules.categories],
    documents: rules.documents?.cs ?? '',
    documents_en: rules.documents?.en ?? '',
    second_proof: rules.second_proof,
    applications_from: rules.applications_from,
    applications_to: rules.applications_to,
    spending_from: rules.spending_from,
    spending_to: rules.spending_to,
    days_to_spend: optional(rules.days_to_spend),
    days_to_decide: String(rules.days_to_decide),
    payable_on: rules.payable_on,
    order_confirm_days: String(rules.order_confirm_days),
    undo_minutes: String(rules.undo_minutes),
    legal_regime: rules.legal_regime,
    legal_basis: rules.legal_basis,
    resolution_number: rules.resolution_number,
    resolution_on: rules.resolution_on ?? '',
    owner: rules.owner,
    ...places,
    items: each(LEGAL_FORMS, form => items?.[form] ?? ''),
  }
}

/** What is typed as the API wants it. */
export function rulesOf(typed: Typed): Rules {
  const number = (text: string) => (text.trim() ? Number(text) : null)
  return {
    name: { cs: typed.name, en: typed.name_en },
    purpose: { cs: typed.purpose, en: typed.purpose_en },
    text: { cs: typed.text, en: typed.text_en },
    topic: typed.topic,
    legal_basis: typed.legal_basis,
    legal_regime: typed.legal_regime,
    resolution_number: typed.resolution_number,
    resolution_on: typed.resolution_on || null,
    owner: typed.owner,
    coordinates: {
      paragraph: typed.paragraph,
      item: typed.item,
      department: typed.department,
      action: typed.action,
      purpose_mark: typed.purpose_mark,
      items: Object.fromEntries(Object.entries(typed.items).filter(([, item]) => item.trim())),
    },
    mode: typed.mode,
    denominations_minor: partsOf(typed.parts) ?? [],
    applications_from: typed.applications_from,
    applications_to: typed.applications_to,
    spending_from: typed.spending_from,
    spending_to: typed.spending_to,
    days_to_spend: number(typed.days_to_spend),
    days_to_decide: Number(typed.days_to_decide),
    who: {
      born_from: typed.born_from || null,
      born_to: typed.born_to || null,
      age_min: number(typed.age_min),
      age_max: number(typed.age_max),
      age_on: typed.age_on || null,
      residence_codes: codesOf(typed.codes),
      residence_kinds: typed.kinds as Rules['who']['residence_kinds'],
      one_per_household: typed.one_per_household,
    },
    decides: typed.decides,
    waiting_list: typed.waiting_list,
    providers: typed.providers,
    categories: typed.categories,
    day_limit_minor: parseMoney(typed.day_limit) ?? 0,
    category_limits: Object.fromEntries(Object.entries(typed.limits).flatMap(([category, most]) => (parseMoney(most) ? [[category, parseMoney(most)!]] : []))),
    provider_limit_minor: parseMoney(typed.provider_limit) || null,
    max_per_person_minor: parseMoney(typed.max_per_person) ?? 0,
    min_price_minor: parseMoney(typed.min_price) ?? 0,
    remainder: typed.remainder,
    single_use: typed.single_use,
    payable_on: typed.payable_on,
    order_confirm_days: Number(typed.order_confirm_days),
    undo_minutes: Number(typed.undo_minutes),
    documents: typed.documents.trim() ? { cs: typed.documents, en: typed.documents_en } : null,
    second_proof: typed.second_proof,
  }
}

const PARTS_MAX = 12

/** „400 + 400" as haléře; null for what is no list of amounts. */
export function partsOf(text: string): number[] | null {
  const parts = text.split('+').map(part => parseMoney(part))
  const known = parts.filter((part): part is number => part !== null && part > 0)
  return known.length === parts.length && known.length <= PARTS_MAX ? known : null
}

const codesOf = (text: string) => text.split(/[,;\s]+/).filter(Boolean)

interface Messages {
  missing: string
  dayMissing: string
  partsWrong: string
  amountWrong: string
  ageWrong: string
  codesWrong: string
  kindsMissing: string
  daysWrong: string
  coordinateWrong: string
  fourDigitsWrong: string
}

/** Every field of the editor with how to mend it. */
export function rulesSchema(t: Messages) {
  const text = (longest: number) => filled(t.missing, longest)
  const anyText = (longest: number) => v.pipe(v.string(), v.trim(), v.maxLength(longest, t.missing))
  const day = v.pipe(v.string(), v.check(isExistingDay, t.dayMissing))
  const anyDay = v.pipe(v.string(), v.check(typed => typed === '' || isExistingDay(typed), t.dayMissing))
  const anyMoney = v.pipe(v.string(), v.check(typed => typed.trim() === '' || parseMoney(typed) !== null, t.amountWrong))
  const whole = (message: string, least: number, most: number) =>
    v.pipe(v.string(), v.trim(), v.check(typed => /^\d{1,4}$/.test(typed) && Number(typed) >= least && Number(typed) <= most, message))
  const anyWhole = (message: string, least: number, most: number) =>
    v.pipe(v.string(), v.trim(), v.check(typed => typed === '' || (/^\d{1,4}$/.test(typed) && Number(typed) >= least && Number(typed) <= most), message))
  const coordinate = v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9_/]{0,20}$/, t.coordinateWrong))
  const fourDigits = v.pipe(v.string(), v.trim(), v.regex(/^([0-9]{4})?$/, t.fourDigitsWrong))
  return v.object({
    name: text(4000),
    name_en: anyText(4000),
    purpose: text(4000),
    purpose_en: anyText(4000),
    text: text(4000),
    text_en: anyText(4000),
    topic: v.string(),
    mode: v.string(),
    parts: v.pipe(v.string(), v.check(typed => partsOf(typed) !== null, t.partsWrong)),
    max_per_person: anyMoney,
    min_price: anyMoney,
    day_limit: anyMoney,
    provider_limit: anyMoney,
    limits: v.record(v.string(), anyMoney),
    remainder: v.string(),
    single_use: v.boolean(),
    born_from: anyDay,
    born_to: anyDay,
    age_min: anyWhole(t.ageWrong, 0, 130),
    age_max: anyWhole(t.ageWrong, 0, 130),
    age_on: anyDay,
    codes: v.pipe(v.string(), v.check(typed => codesOf(typed).every(code => /^\d{1,9}$/.test(code)), t.codesWrong)),
    kinds: v.pipe(v.array(v.string()), v.minLength(1, t.kindsMissing)),
    one_per_household: v.boolean(),
    decides: v.string(),
    waiting_list: v.boolean(),
    providers: v.array(v.string()),
    categories: v.array(v.string()),
    documents: anyText(1000),
    documents_en: anyText(1000),
    second_proof: v.boolean(),
    applications_from: day,
    applications_to: day,
    spending_from: day,
    spending_to: day,
    days_to_spend: anyWhole(t.daysWrong, 1, 3650),
    days_to_decide: whole(t.daysWrong, 1, 3650),
    payable_on: v.string(),
    order_confirm_days: whole(t.daysWrong, 1, 60),
    undo_minutes: whole(t.daysWrong, 0, 1440),
    legal_regime: v.string(),
    legal_basis: text(4000),
    resolution_number: anyText(60),
    resolution_on: anyDay,
    owner: v.string(),
    paragraph: fourDigits,
    item: fourDigits,
    department: coordinate,
    action: coordinate,
    purpose_mark: coordinate,
    items: v.record(v.string(), fourDigits),
  })
}

/** What its days say of a programme whose budget is signed and free; as the server tells it. */
export function stateOn({ applications_from, applications_to, spending_to }: Rules, today: string): 'scheduled' | 'open' | 'spending_only' | 'closed' {
  if (today > spending_to) return 'closed'
  if (today > applications_to) return 'spending_only'
  return today < applications_from ? 'scheduled' : 'open'
}
