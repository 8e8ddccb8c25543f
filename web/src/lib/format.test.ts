import { describe, expect, test } from 'vitest'
import { ageOn, date, dateTime, daysUntil, deadline, fileSize, initials, money, moneyChange, parseMoney, percent, plural, remaining, time, voucherCode } from './format'
import { nbsp } from './texts'

const plain = (text: string) => text.replace(/\u00a0/g, ' ')
const NOW = '2026-11-20T08:14:00Z'

describe('money', () => {
  test('whole crowns drop decimals in sentences and keep them in tables', () => {
    expect(money(400000)).toBe('4\u00a0000\u00a0Kč')
    expect(money(400000, 'always')).toBe('4\u00a0000,00\u00a0Kč')
  })
  test('a haléř is never lost', () => expect(plain(money(123456750))).toBe('1 234 567,50 Kč'))
  test('minus is a minus, not a hyphen', () => expect(money(-15000, 'always')).toBe('\u2212150,00\u00a0Kč'))
  test('nothing has no sign', () => expect(plain(money(-0, 'always'))).toBe('0,00 Kč'))
  test('a movement shows its sign', () => expect(plain(moneyChange(50000))).toBe('+500,00 Kč'))
  test('English names the currency first', () => expect(plain(money(-123450, 'auto', 'en'))).toBe('\u2212CZK 1,234.50'))
  test.each([['1 234,50', 123450], ['1234.5', 123450], ['120 Kč', 12000], ['0,01', 1]])('typed %s is understood', (typed, minor) => {
    expect(parseMoney(typed)).toBe(minor)
  })
  test.each(['', '12,345', 'sto', '-5', '1,2,3'])('typed „%s" is no amount', typed => expect(parseMoney(typed)).toBeNull())
})

describe('dates', () => {
  test('are of Prague and unbroken', () => {
    expect(date('2026-11-20T23:30:00Z')).toBe('21.\u00a011.\u00a02026')
    expect(date('2026-11-20')).toBe('20.\u00a011.\u00a02026')
    expect(plain(dateTime(NOW))).toBe('20. 11. 2026 v 9:14')
    expect(time('2026-07-01T07:05:00Z')).toBe('9:05')
  })
  test('near deadlines say how many days are left', () => {
    expect(plain(deadline('2026-11-24', NOW))).toBe('24. 11. 2026, zbývají 4 dny')
    expect(plain(remaining('2026-11-21', NOW)!)).toBe('zbývá 1 den')
    expect(plain(remaining('2026-11-25', NOW)!)).toBe('zbývá 5 dní')
    expect(remaining('2026-11-20', NOW)).toBe('poslední den dnes')
    expect(remaining('2026-11-27', NOW)).toBeNull()
    expect(remaining('2026-11-19', NOW)).toBeNull()
  })
  test('days are counted by the calendar of Prague', () => expect(daysUntil('2026-11-21', '2026-11-20T22:59:00Z')).toBe(1))
  test('age is of whole years', () => {
    expect(ageOn('2018-05-14', '2026-05-13')).toBe(7)
    expect(ageOn('2018-05-14', '2026-05-14')).toBe(8)
  })
})

describe('plurals', () => {
  const forms = { one: 'voucher', few: 'vouchery', many: 'voucheru', other: 'voucherů' }
  test.each([[1, '1 voucher'], [2, '2 vouchery'], [5, '5 voucherů'], [0, '0 voucherů'], [1.5, '1,5 voucheru'], [1284, '1 284 voucherů']])('%d', (count, expected) => {
    expect(plain(plural(count, forms))).toBe(expected)
  })
})

describe('typography', () => {
  test('no lone letter is left at the end of a line', () => {
    expect(nbsp('Plavání v bazénu a u moře')).toBe('Plavání v\u00a0bazénu a\u00a0u\u00a0moře')
    expect(nbsp('K využití')).toBe('K\u00a0využití')
  })
  test('a date and its units hold together', () => {
    expect(nbsp('do 24. 11. 2026, nejvýše 5 000 Kč')).toBe('do 24.\u00a011.\u00a02026, nejvýše 5\u00a0000\u00a0Kč')
  })
  test('the form of a company holds together', () => {
    expect(nbsp('TJ Modřín, z. s.')).toBe('TJ Modřín, z.\u00a0s.')
    expect(nbsp('Jazyky hrou, s. r. o. a další')).toBe('Jazyky hrou, s.\u00a0r.\u00a0o. a\u00a0další')
  })
  test('a telephone is grouped and kept whole', () => {
    expect(nbsp('+420603123456, +420 603 123 456')).toBe(Array(2).fill('+420\u00a0603\u00a0123\u00a0456').join(', '))
    expect(nbsp('+4206031234567')).toBe('+4206031234567')
  })

  test('the end of a sentence may break', () => expect(nbsp('roku 2026. Potom')).toBe('roku 2026. Potom'))
})

test('share, size, initials, code', () => {
  expect(plain(percent(0.353))).toBe('35,3 %')
  expect(plain(fileSize(1_200_000))).toBe('1,2 MB')
  expect(initials('Jana Nováková')).toBe('JN')
  expect(voucherCode(' 7k4m 9pq2xr')).toBe('7K4M-9PQ2-XR')
  expect(voucherCode('7kOm-iPQ2-XR')).toBe('7K0M-1PQ2-XR')
})
