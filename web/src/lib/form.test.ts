import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { Problem } from './api/problem'
import { birthDate, existingDay, placed } from './form'

const said = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value, { abortPipeEarly: true }).issues?.[0].message

describe('a day says what is wrong with it', () => {
  const born = birthDate('Doplňte datum')
  it.each(['', '-5-14', '2019-00-05', '2019-12-00'])('%j is not whole', typed => expect(said(born, typed)).toBe('Doplňte datum'))
  it.each(['2026-02-31', '2025-02-29', '2026-13-01', '86-05-14'])('%s is no day', typed => expect(said(born, typed)).toMatch(/není/))
  it.each(['2040-01-01', '2999-12-31'])('%s is ahead', typed => expect(said(born, typed)).toMatch(/budoucnosti/))
  it('1850 is too long ago', () => expect(said(born, '1850-01-01')).toMatch(/1900/))
  it('a day ahead is a day', () => expect(said(existingDay('Doplňte den'), '2040-02-29')).toBeUndefined())
})

describe('what the API says of fields stands on them', () => {
  const refused = (...fields: string[]) => new Problem(422, { errors: fields.map(field => ({ field, code: 'missing', message: 'Doplňte' })) })
  const names = (refusal: Problem, apiNames = {}) => placed(refusal, apiNames, { email: '', address: { text: '' }, max: '' }).map(([name]) => name)

  it('by its own name, a part of it, or the name that the API uses', () => {
    expect(names(refused('email', 'body.email', 'address.text', 'max_minor'), { max_minor: 'max' })).toEqual(['email', 'email', 'address.text', 'max'])
  })
  it('what the form does not have stays for the whole', () => {
    expect(names(refused('city', 'line 3', 'toString', ''))).toEqual([])
  })
})
