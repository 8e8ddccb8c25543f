import { lazy, Suspense, useMemo } from 'react'
import * as v from 'valibot'
import { birthDate, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { BirthDateInput, Input, RadioGroup } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Skeleton } from '@/ui/Waiting'
import { registrationTexts } from './registration.texts'
import { address, name, NO_ADDRESS, phone, type Address } from './rules'
import './registration.css'

const AddressField = lazy(() => import('./AddressField'))

export interface PersonFilled {
  given_names: string
  surname: string
  birth_date: string
  address: Address
  phone: string
  /** Of the messages; asked only of who has it already. */
  language?: 'cs' | 'en'
}

const NOBODY: PersonFilled = { given_names: '', surname: '', birth_date: '', address: NO_ADDRESS, phone: '' }

interface PersonFormProps {
  start?: PersonFilled
  submit: string
  send: (filled: PersonFilled) => Promise<unknown>
  /** The person fills it in about themselves; not an assistant about somebody at the counter. */
  own?: boolean
}

/** Everything a town asks of a person, on one screen. */
export function PersonForm({ start = NOBODY, submit, send, own = true }: PersonFormProps) {
  const t = useTexts(registrationTexts)
  const schema = useMemo(
    () =>
      v.object({
        given_names: name(t.givenNamesMissing),
        surname: name(t.surnameMissing),
        birth_date: birthDate(t.birthDateMissing),
        address: address(t.addressMissing),
        phone: phone(t.phoneWrong),
        language: v.optional(v.picklist(['cs', 'en'])),
      }),
    [t],
  )
  const form = useForm({ schema, defaults: start, send: ({ language, ...filled }) => send(language ? { ...filled, language } : filled) })
  const auto = (what: string) => (own ? what : 'off')
  return (
    <div className="narrow">
      <Card>
        <Form form={form}>
          <Input label={t.givenNames} hint={t.givenNamesHint} autoComplete={auto('given-name')} {...form.field('given_names')} />
          <Input label={t.surname} autoComplete={auto('family-name')} {...form.field('surname')} />
          <BirthDateInput label={t.birthDate} hint={t.birthDateHint} own={own} {...form.control('birth_date')} />
          <Suspense fallback={<Skeleton lines={2} height={24} />}>
            <AddressField label={t.address} {...form.control('address')} />
          </Suspense>
          <Input label={t.phone} hint={t.phoneHint} optional type="tel" autoComplete={auto('tel')} chars={20} {...form.field('phone')} />
          {start.language && (
            <RadioGroup
              legend={t.language}
              choices={[{ value: 'cs', label: <span lang="cs">Čeština</span> }, { value: 'en', label: <span lang="en">English</span> }]}
              {...form.field('language')}
            />
          )}
          <Button submit look="primary" size="l" busy={form.isBusy}>{submit}</Button>
        </Form>
      </Card>
    </div>
  )
}
