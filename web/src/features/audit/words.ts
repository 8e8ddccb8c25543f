/** Accounts, kinds and doers of the books in words. */
import { day } from '@/lib/format'
import type { EntriesAsked, Entry } from './calls'
import type { Names } from './names'
import type { bookTexts } from './texts'

type Words = (typeof bookTexts)['cs']

/** How a place in the books is called where the proof names it. */
const PLACES: Record<string, string> = { G: 'grant', B: 'budget', PR: 'provider', OP: 'operator' }

/** `budget:p1` is „Rozpočet programu Plavenka 60+"; an account of an unknown kind stays as it stands. */
export function accountWords(account: string, names: Names, t: Words, programme = ''): string {
  const [prefix = '', id = ''] = account.split(/[:#]/)
  const kind = PLACES[prefix] ?? prefix
  const named = (word: string, name: string | undefined) => (name ? `${word} ${name}` : word)
  switch (kind) {
    case 'town':
      return id ? t.accounts.townOf(id) : t.accounts.town
    case 'budget':
      return named(t.accounts.budget, names.programmes.get(id))
    case 'grant':
      return named(t.accounts.grant, names.programmes.get(programme))
    case 'held':
      return named(t.accounts.held, names.programmes.get(programme))
    case 'provider':
      return names.providers.get(id) ?? t.accounts.provider
    case 'clearing':
    case 'bank':
    case 'operator':
    case 'inside':
    case 'loss':
      return t.accounts[kind]
    default:
      return account
  }
}

/** Names with that of the entry's own provider, for towns with more of them than a list holds. */
export function namesWith({ provider, provider_name }: Pick<Entry, 'provider' | 'provider_name'>, names: Names): Names {
  if (!provider_name || names.providers.has(provider)) return names
  return { ...names, providers: new Map([...names.providers, [provider, provider_name]]) }
}

export const kindWords = ({ entry, kind }: Entry, t: Words): string => (entry === 'decision' ? t.decisions[kind] : t.kinds[kind]) ?? kind

/** How it was decided: „snížení, správce rozpočtu". */
export const outcomeWords = ({ outcome }: Entry, t: Words): string => outcome.split('.').map(part => t.outcomes[part] ?? part).join(', ')

/** Who did it and through what: a colleague by name, a citizen and a device never. */
export function doerWords({ by_name, via, till }: Pick<Entry, 'by_name' | 'via' | 'till'>, t: Words): string {
  const through = t.via[via] ?? t.system
  if (by_name) return `${by_name}, ${through}`
  if (via === 'moje') return `${t.citizen}, ${through}`
  return till ? `${t.till}, ${through}` : through
}

/** How many days before and after an entry are read for what it follows and what follows it: one list reads 31. */
const AROUND_DAYS = 15
const DAY_MS = 86_400_000

/** The address of an entry, with the place where it lies. */
export function entryHref({ id, at, grant, programme, provider }: Pick<Entry, 'id' | 'at' | 'grant' | 'programme' | 'provider'>): string {
  const place = new URLSearchParams(grant ? { grant } : { den: day(at) })
  if (!grant && programme) place.set('programme', programme)
  if (!grant && provider) place.set('provider', provider)
  return `/kniha/zapis/${id}?${place}`
}

/** The list that holds an entry and those around it, by its address. */
export function placeOf(params: URLSearchParams, today: string = day()): EntriesAsked {
  const grant = params.get('grant')
  if (grant) return { grant }
  const around = (days: number) => new Date(Date.parse(params.get('den') ?? today) + days * DAY_MS).toISOString().slice(0, 10)
  const last = around(AROUND_DAYS)
  return { first: around(-AROUND_DAYS), last: last < today ? last : today, programme: params.get('programme') ?? '', provider: params.get('provider') ?? '' }
}
