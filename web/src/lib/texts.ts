/** Texts in the languages we speak. A key missing in one language does not compile. */
import { useSyncExternalStore } from 'react'

export type Language = 'cs' | 'en' | 'uk'

type Entry = string | readonly Entry[] | ((...args: never[]) => string) | { [key: string]: Entry }
type Entries = { [key: string]: Entry }

export interface Catalogue<T> {
  cs: T
  en: T
  uk?: T
}

/** A feature's catalogue: Czech is the pattern, English must match it, Ukrainian is for the reader. */
export function texts<T extends Entries>(catalogue: { cs: T; en: NoInfer<T>; uk?: NoInfer<T> }): Catalogue<T> {
  return catalogue
}

/** The catalogue in the person's language; the component renders again when the language changes. */
export function useTexts<T>(catalogue: Catalogue<T>): T {
  return inLanguage(catalogue, useLanguage())
}

/** For code outside components. */
export function textsNow<T>(catalogue: Catalogue<T>): T {
  return inLanguage(catalogue, language())
}

function inLanguage<T>(catalogue: Catalogue<T>, code: Language): T {
  return catalogue[code] ?? catalogue.cs
}

const HARD = '\u00a0'
const LONE_LETTER = /(?<=^|[\s(„])([ksvzouai]) (?=\S|$)/gi
const DAY_OR_MONTH = /(?<!\d)(\d{1,2}\.) (?=[\d\p{Ll}])/gu
const BEFORE_UNIT = /(\d) (?=\d{3}(?!\d)|Kč|%|[kMG]?B\b|k?m\b|hodin|dn[íůye]|den\b|let\b|rok)/g
const ABBREVIATED = /(?<!\p{L})(\p{Ll}\.) (?=\p{Ll}\.)/gu
const PHONE = /\+(\d{3}) ?(\d{3}) ?(\d{3}) ?(\d{3})(?!\d)/g
const AFTER_SIGN = /(§|č\.|tel\.|odst\.|písm\.) (?=\S)/g

/** Czech typography: no lone preposition at the end of a line, dates, amounts, telephones and „s. r. o." kept whole. `lib/typeset` does it for all that is shown. */
export function nbsp(text: string): string {
  return text
    .replace(LONE_LETTER, `$1${HARD}`)
    .replace(DAY_OR_MONTH, `$1${HARD}`)
    .replace(BEFORE_UNIT, `$1${HARD}`)
    .replace(ABBREVIATED, `$1${HARD}`)
    .replace(PHONE, `+$1${HARD}$2${HARD}$3${HARD}$4`)
    .replace(AFTER_SIGN, `$1${HARD}`)
}

const STORED_AS = 'am.language'
const listeners = new Set<() => void>()
let current: Language = remembered()

function remembered(): Language {
  try {
    const stored = localStorage.getItem(STORED_AS)
    return stored === 'en' || stored === 'uk' ? stored : 'cs'
  } catch {
    return 'cs' // storage may be forbidden, or absent as in tests
  }
}

export function language(): Language {
  return current
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language, language)
}

/** Calls back when the person chose another language; gives what ends it. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Switches every text on the screen, the `lang` of the page, and remembers the choice. */
export function setLanguage(code: Language): void {
  current = code
  try {
    localStorage.setItem(STORED_AS, code)
  } catch {
    // The choice then lasts for this visit.
  }
  applyLanguage()
  listeners.forEach(listener => listener())
}

export function applyLanguage(): void {
  if (typeof document !== 'undefined') document.documentElement.lang = current
}

export const LOCALES: Record<Language, string> = { cs: 'cs-CZ', en: 'en-GB', uk: 'uk-UA' }

export interface Localised {
  cs: string
  en?: string | null
}

/** A programme's own text: in the person's language, or Czech with its `lang` said. */
export function localised(text: Localised, code: Language = current): { text: string; lang?: 'cs' } {
  if (code === 'cs') return { text: text.cs }
  return text.en ? { text: text.en } : { text: nbsp(text.cs), lang: 'cs' }
}
