/** What a scan or typing gave: a voucher of ours, a pairing link, or something else. The server decides all the rest. */
import { voucherCode } from '@/lib/format'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const VOUCHER = /^AM1\.[0-9A-Z]{26}$/
const PAIRING = /#([a-z0-9][a-z0-9-]*)\/([0-9A-Z-]{16,24})$/
const SHORT_CHARACTERS = 10
const PAIRING_CHARACTERS = 16

export type Scanned =
  | { kind: 'voucher'; code: string }
  | { kind: 'pairing'; city: string; code: string }
  | { kind: 'foreign' }

export function scanned(text: string): Scanned {
  const trimmed = text.trim()
  if (VOUCHER.test(trimmed.toUpperCase())) return { kind: 'voucher', code: trimmed.toUpperCase() }
  const pairing = PAIRING.exec(trimmed)
  return pairing ? { kind: 'pairing', city: pairing[1]!, code: pairing[2]! } : { kind: 'foreign' }
}

/** A typed code with its dashes, U read as V: the alphabet has no U. */
export const tidied = (typed: string) => voucherCode(typed.replace(/u/gi, 'V'))

/** Whether the check character of a whole typed code does not fit: one wrong or two swapped letters. */
export function isMistyped(typed: string): boolean {
  const text = plain(typed)
  return ![SHORT_CHARACTERS, PAIRING_CHARACTERS].includes(text.length) || remainder(text) !== 0
}

export const isWhole = (typed: string) => plain(typed).length >= SHORT_CHARACTERS

const plain = (typed: string) => tidied(typed).replaceAll('-', '')

/** The characters as a polynomial over GF(32), at x; zero when the check character fits. */
function remainder(text: string): number {
  let value = 0
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter)
    if (digit < 0) return -1
    value = timesX(value) ^ digit
  }
  return value
}

function timesX(value: number): number {
  const doubled = value << 1
  return doubled & 32 ? doubled ^ 0b100101 : doubled
}
