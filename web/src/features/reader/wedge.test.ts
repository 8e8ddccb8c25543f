import { expect, test } from 'vitest'
import { Wedge } from './wedge'

const CODE = 'AM1.0123456789ABCDEFGHJKMNPQYZ'
const CZECH: Record<string, string> = { '1': '+', '2': 'ě', '3': 'š', '4': 'č', '5': 'ř', '6': 'ž', '7': 'ý', '8': 'á', '9': 'í', '0': 'é', Y: 'Z', Z: 'Y' }
const codeOf = (letter: string) => (letter === '.' ? 'Period' : /\d/.test(letter) ? `Digit${letter}` : `Key${letter}`)

function scan(wedge: Wedge, text: string, gapMs: number, key = (letter: string) => letter): string | null {
  let at = 1_000
  for (const letter of text) wedge.key({ key: key(letter), code: codeOf(letter), timeStamp: (at += gapMs) })
  return wedge.key({ key: 'Enter', code: 'Enter', timeStamp: at + gapMs })
}

test('fast keys and Enter are a scan', () => {
  expect(scan(new Wedge(), CODE, 8)).toBe(CODE)
})

test('a scanner set for an American keyboard is read on a device with a Czech one', () => {
  expect(scan(new Wedge(), CODE, 8, letter => CZECH[letter] ?? letter)).toBe(CODE)
})

test('what a person types is no scan, and leaves nothing behind', () => {
  const wedge = new Wedge()
  expect(scan(wedge, 'ABCDEFGHIJ', 200)).toBeNull()
  expect(scan(wedge, CODE, 8)).toBe(CODE)
})

test('another code is told as it is', () => {
  expect(scan(new Wedge(), '8594001234567', 8)).toBe('8594001234567')
})
