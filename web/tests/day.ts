import { vi } from 'vitest'

/** The day that the tests run on: `DAY=leap-day npm test`, as in tests/days.py of the server. */
const soon = (days: number) => new Date(Date.now() + days * 86_400_000)
const DAYS: Record<string, Date> = {
  'tomorrow': soon(1),
  'a-month-on': soon(31),
  'leap-day': new Date('2028-02-29T11:00:00Z'),
  'new-years-eve': new Date(`${new Date().getUTCFullYear() + 1}-12-31T22:30:00Z`),
  'an-hour-skipped': new Date('2028-03-26T01:30:00Z'),
  'an-hour-twice': new Date('2028-10-29T01:30:00Z'),
}

const day = process.env.DAY
if (day) {
  if (!DAYS[day]) throw new Error(`no such day: ${day}`)
  vi.setSystemTime(DAYS[day])
}
