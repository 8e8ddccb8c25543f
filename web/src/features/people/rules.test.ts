import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { birthDate } from '@/lib/form'
import { address, newPassword, phone } from './rules'
import { clash } from './settings.roles'

const takes = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success

describe('what the API will take', () => {
  it('a birth date that exists and is not ahead', () => {
    expect(takes(birthDate('x'), '1986-05-14')).toBe(true)
    for (const wrong of ['', '1986-02-30', '2999-01-01', '1850-01-01', '-5-14']) expect(takes(birthDate('x'), wrong)).toBe(false)
  })
  it('a password of ten characters', () => {
    expect(takes(newPassword('x'), '123456789')).toBe(false)
    expect(takes(newPassword('x'), '1234567890')).toBe(true)
    expect(takes(newPassword('x'), 'x'.repeat(129))).toBe(false)
  })
  it('a telephone in digits, or none', () => {
    for (const good of ['', '777 123 456', '+420 777 123 456']) expect(takes(phone('x'), good)).toBe(true)
    for (const wrong of ['12345', 'ring me']) expect(takes(phone('x'), wrong)).toBe(false)
  })
  it('an address with some text', () => {
    expect(takes(address('x'), { text: 'Nádražní 7', address_code: '' })).toBe(true)
    expect(takes(address('x'), { text: '  ', address_code: '' })).toBe(false)
  })
})

describe('roles that may not meet in one person', () => {
  it('who approves a payment does not confirm that there is money for it', () => {
    expect(clash(['authorising_officer', 'budget_officer'])).toBe(true)
    expect(clash(['authorising_officer', 'chief_accountant'])).toBe(true)
  })
  it('the budget officer may be the chief accountant', () => {
    expect(clash(['budget_officer', 'chief_accountant', 'clerk'])).toBe(false)
    expect(clash(['authorising_officer', 'admin'])).toBe(false)
  })
})
