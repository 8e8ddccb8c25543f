import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import * as v from 'valibot'
import search from '~icon/search'
import { useCity } from '@/lib/city'
import { birthDate, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card } from '@/ui/Card'
import { BirthDateInput, Input, RadioGroup } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { addressesQuery, preCheck, type Condition } from './calls'
import { Conditions } from './parts'
import { programmeTexts } from './texts'

interface Outcome {
  passes: boolean
  conditions: readonly Condition[]
}

const ADDRESSES_SHOWN = 5

/** Whether one can apply, by a birth date and an address. Nothing is stored. */
export function PreCheck({ programme }: { programme: string }) {
  const t = useTexts(programmeTexts)
  const city = useCity()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const schema = useMemo(
    () =>
      v.object({
        birth_date: birthDate(t.birthDateMissing),
        address_code: v.string(),
      }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { birth_date: '', address_code: '' },
    send: async ({ birth_date, address_code }) => setOutcome(await preCheck(city.slug, programme, birth_date, address_code)),
  })
  const address = form.control('address_code')
  return (
    <Card title={t.preCheck} level={2}>
      <div className="stack">
        <p className="soft text">{t.preCheckLead}</p>
        <Form form={form}>
          <BirthDateInput label={t.birthDate} {...form.control('birth_date')} />
          <AddressChoice name={address.name} onChange={address.onChange} />
          <div className="buttons"><Button submit icon={search} busy={form.isBusy}>{t.check}</Button></div>
        </Form>
        {outcome && (
          <Callout tone={outcome.passes ? 'success' : 'warning'} title={outcome.passes ? t.passes : t.passesNot} appears>
            <div className="stack gap-3">
              <p>{outcome.passes ? t.passesText : t.passesNotText}</p>
              <Conditions conditions={outcome.conditions} />
            </div>
          </Callout>
        )}
      </div>
    </Card>
  )
}

interface AddressChoiceProps {
  name: string
  onChange: (code: string) => void
}

/** A street typed, an address chosen from what the town's list offers. */
function AddressChoice({ name, onChange }: AddressChoiceProps) {
  const t = useTexts(programmeTexts)
  const city = useCity()
  const [text, setText] = useState('')
  const query = useDeferredValue(text.trim())
  const found = useQuery(addressesQuery(city.slug, query))
  const addresses = query.length > 1 ? (found.data?.items ?? []).slice(0, ADDRESSES_SHOWN) : []
  const typed = (next: string) => {
    setText(next)
    onChange('')
  }
  return (
    <div className="address-choice">
      <Input label={t.address} hint={t.addressHint} optional autoComplete="off" value={text} onChange={event => typed(event.target.value)} />
      {addresses.length > 0 && (
        <RadioGroup
          legend={t.addresses}
          name={name}
          choices={[...addresses.map(({ code, text: label }) => ({ value: code, label })), { value: 'none', label: t.elsewhere }]}
          onChange={event => onChange(event.target.value === 'none' ? '' : event.target.value)}
        />
      )}
    </div>
  )
}
