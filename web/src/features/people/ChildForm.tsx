import { lazy, Suspense, useMemo } from 'react'
import * as v from 'valibot'
import { birthDate, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { BirthDateInput, Input, RadioGroup } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Skeleton } from '@/ui/Waiting'
import { familyTexts } from './household.texts'
import { address, name, NO_ADDRESS, type Address } from './rules'
import './registration.css'

const AddressField = lazy(() => import('./AddressField'))

export interface ChildFilled {
  given_names: string
  surname: string
  birth_date: string
  /** Without one the child lives with the guardian. */
  address?: Address
}

interface ChildFormProps {
  start?: ChildFilled
  submit: string
  send: (child: ChildFilled) => Promise<unknown>
}

export const NO_CHILD: ChildFilled = { given_names: '', surname: '', birth_date: '' }

/** The same for adding a child and for mending its data. */
export function ChildForm({ start = NO_CHILD, submit, send }: ChildFormProps) {
  const t = useTexts(familyTexts)
  const schema = useMemo(() => {
    const who = { given_names: name(t.givenNamesMissing), surname: name(t.surnameMissing), birth_date: birthDate(t.birthDateMissing) }
    return v.variant('where', [
      v.object({ ...who, where: v.literal('with_me'), address: v.any() }),
      v.object({ ...who, where: v.literal('elsewhere'), address: address(t.addressMissing) }),
    ])
  }, [t])
  const { given_names, surname, birth_date } = start
  const form = useForm({
    schema,
    defaults: { given_names, surname, birth_date, where: start.address ? 'elsewhere' : 'with_me', address: start.address ?? NO_ADDRESS } as v.InferInput<typeof schema>,
    send: ({ where, address: chosen, ...who }) => send(where === 'elsewhere' ? { ...who, address: chosen } : who),
  })
  return (
    <div className="narrow">
      <Card>
        <Form form={form}>
          <Input label={t.givenNames} hint={t.givenNamesHint} autoComplete="off" {...form.field('given_names')} />
          <Input label={t.surname} autoComplete="off" {...form.field('surname')} />
          <BirthDateInput label={t.birthDate} hint={t.birthDateHint} {...form.control('birth_date')} />
          {!start.address && (
            <RadioGroup
              legend={t.where}
              choices={[{ value: 'with_me', label: t.withMe }, { value: 'elsewhere', label: t.elsewhere, hint: t.elsewhereHint }]}
              {...form.field('where')}
            />
          )}
          {form.watch('where') === 'elsewhere' && (
            <Suspense fallback={<Skeleton lines={2} height={24} />}>
              <AddressField label={t.address} {...form.control('address')} />
            </Suspense>
          )}
          <Button submit look="primary" size="l" busy={form.isBusy}>{submit}</Button>
        </Form>
      </Card>
    </div>
  )
}
