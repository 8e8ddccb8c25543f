/** What the camera sees: one voucher, several to choose from, or none of ours. Pure. */
import { scanned } from './codes'

/** A code in the picture; its middle as a part of the picture's width and height. */
export interface Seen {
  text: string
  x: number
  y: number
}

export type Place = 'left' | 'right' | 'top' | 'bottom' | 'middle'

export interface Choice {
  code: string
  place: Place
}

export type Sight =
  | { kind: 'nothing' }
  | { kind: 'foreign' }
  | { kind: 'one'; code: string }
  | { kind: 'several'; choices: readonly Choice[] }

/**
 * Of two looks after each other. A look may miss one of two vouchers, so one is taken only when both looks saw it and
 * nothing else; two different ones in either are a question, never a guess.
 */
export function sightOf(before: readonly Seen[], now: readonly Seen[]): Sight {
  const vouchers = new Map([...before, ...now].filter(({ text }) => isVoucher(text)).map(seen => [seen.text, seen]))
  if (vouchers.size > 1) return { kind: 'several', choices: placed([...vouchers.values()]) }
  const [code] = vouchers.keys()
  if (code) return [before, now].every(look => look.some(({ text }) => text === code)) ? { kind: 'one', code } : { kind: 'nothing' }
  return now.length ? { kind: 'foreign' } : { kind: 'nothing' }
}

const isVoucher = (text: string) => scanned(text).kind === 'voucher'

/** Beside each other or one under the other, whichever tells them apart more. */
function placed(seen: readonly Seen[]): Choice[] {
  const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  const isRow = span(seen.map(({ x }) => x)) >= span(seen.map(({ y }) => y))
  const ordered = [...seen].sort((a, b) => (isRow ? a.x - b.x : a.y - b.y))
  const [first, last]: Place[] = isRow ? ['left', 'right'] : ['top', 'bottom']
  return ordered.map(({ text }, nth) => ({ code: text, place: nth === 0 ? first! : nth === ordered.length - 1 ? last! : 'middle' }))
}
