import { expect, test } from 'vitest'
import { isMistyped, scanned, tidied } from './codes'

// Made by the API's own functions from the secrets 00…0f and 10…1f.
const SHORT = 'FG3T-06C1-AT'
const PAIRING = 'ZG7T-1EC3-T86G-HBR9'

test('a code of the API has a fitting check character, however it is typed', () => {
  expect(isMistyped(SHORT)).toBe(false)
  expect(isMistyped(SHORT.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(false)
  expect(isMistyped(PAIRING)).toBe(false)
})

test('one wrong letter and two swapped ones are found', () => {
  const letters = SHORT.replaceAll('-', '')
  for (let at = 0; at < letters.length; at += 1) {
    const wrong = letters[at] === '7' ? '8' : '7'
    expect(isMistyped(letters.slice(0, at) + wrong + letters.slice(at + 1))).toBe(true)
  }
  for (let at = 1; at < letters.length; at += 1) {
    const swapped = letters.slice(0, at - 1) + letters[at] + letters[at - 1] + letters.slice(at + 1)
    expect(isMistyped(swapped)).toBe(swapped !== letters)
  }
})

test('a scan is a voucher, a pairing link or somebody else’s', () => {
  expect(scanned('AM1.0123456789ABCDEFGHJKMNPQRS')).toEqual({ kind: 'voucher', code: 'AM1.0123456789ABCDEFGHJKMNPQRS' })
  expect(scanned(`https://aktivni.example/reader/#vranohrad-podlesi/${PAIRING}`)).toEqual({
    kind: 'pairing', city: 'vranohrad-podlesi', code: PAIRING,
  })
  for (const other of ['https://example.org', 'SPD*1.0*ACC:CZ65', '', 'AM1.', 'AM2.0123456789ABCDEFGHJKMNPQRS']) {
    expect(scanned(other)).toEqual({ kind: 'foreign' })
  }
})

test('typing gets its dashes', () => expect(tidied('7k4m9pq2xr')).toBe('7K4M-9PQ2-XR'))
