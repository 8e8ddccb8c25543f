import { useMemo } from 'react'
import * as v from 'valibot'
import { useLocation } from 'wouter'
import search from '~icon/search'
import { useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { homeTexts } from './texts'

const AGE_MAX = 120
const STREET_MAX = 100

/** Age and street lead to the programmes that may fit. */
export function Finder({ age = '', street = '' }: { age?: string; street?: string }) {
  const t = useTexts(homeTexts).home
  const [, go] = useLocation()
  const schema = useMemo(
    () =>
      v.object({
        age: v.pipe(v.string(), v.trim(), v.check(text => /^\d{1,3}$/.test(text) && Number(text) <= AGE_MAX, t.ageWrong)),
        street: v.pipe(v.string(), v.trim(), v.maxLength(STREET_MAX, t.streetLong)),
      }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { age, street },
    send: async typed => go(`/podpora?${new URLSearchParams({ vek: typed.age, ...(typed.street && { ulice: typed.street }) })}`),
  })
  return (
    <Card title={t.find} level={2}>
      <Form form={form}>
        <Input label={t.age} hint={t.ageHint} chars={4} inputMode="numeric" autoComplete="off" {...form.field('age')} />
        <Input label={t.street} hint={t.streetHint} optional autoComplete="street-address" {...form.field('street')} />
        <div className="buttons">
          <Button submit look="primary" icon={search}>{t.find}</Button>
          <LinkButton look="quiet" href="/programy">{t.all}</LinkButton>
        </div>
      </Form>
    </Card>
  )
}
