/** What the API asks of people's data, told before it is sent. */
import * as v from 'valibot'
import { filled } from '@/lib/form'

export const PASSWORD_MIN = 10
const PASSWORD_MAX = 128
const NAME_MAX = 100

export const newPassword = (message: string) => v.pipe(v.string(), v.minLength(PASSWORD_MIN, message), v.maxLength(PASSWORD_MAX, message))
export const name = (message: string) => filled(message, NAME_MAX)
export const phone = (message: string) => v.pipe(v.string(), v.trim(), v.regex(/^(\+?[0-9 ]{9,20})?$/, message))

/** As the API wants an address: the code only when it was chosen from the town's list. */
export interface Address {
  text: string
  address_code: string
}

export const NO_ADDRESS: Address = { text: '', address_code: '' }

export const address = (message: string) =>
  v.pipe(v.object({ text: v.pipe(v.string(), v.trim(), v.maxLength(200, message)), address_code: v.string() }), v.check(({ text }) => text.trim() !== '', message))
