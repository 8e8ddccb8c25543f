import { useState, type BaseSyntheticEvent } from 'react'
import { useLocation } from 'wouter'
import search from '~icon/search'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { homeTexts } from './texts'

const AGE_MAX = 120
const STREET_MAX = 100

/** Age and street lead to the programmes that may fit. Two fields of the first screen carry no library of forms. */
export function Finder({ age: asked = '', street: askedStreet = '' }: { age?: string; street?: string }) {
  const t = useTexts(homeTexts).home
  const [, go] = useLocation()
  const [age, setAge] = useState(asked)
  const [street, setStreet] = useState(askedStreet)
  const [submitCount, setSubmitCount] = useState(0)
  const isAge = /^\d{1,3}$/.test(age.trim()) && Number(age) <= AGE_MAX
  const ageError = submitCount > 0 && !isAge ? t.ageWrong : undefined

  async function submit(event?: BaseSyntheticEvent): Promise<void> {
    event?.preventDefault()
    setSubmitCount(submitCount + 1)
    if (isAge) go(`/podpora?${new URLSearchParams({ vek: age.trim(), ...(street.trim() && { ulice: street.trim() }) })}`)
  }

  return (
    <Card title={t.find} level={2}>
      <Form form={{ errors: ageError ? [{ name: 'age', message: ageError }] : [], problem: null, submit, attempts: submitCount, isBusy: false }}>
        <Input label={t.age} hint={t.ageHint} chars={4} inputMode="numeric" autoComplete="off" name="age" error={ageError} value={age} onChange={event => setAge(event.target.value)} />
        <Input label={t.street} hint={t.streetHint} optional autoComplete="street-address" name="street" maxLength={STREET_MAX} value={street} onChange={event => setStreet(event.target.value)} />
        <div className="buttons">
          <Button submit look="primary" icon={search}>{t.find}</Button>
          <LinkButton look="quiet" href="/programy">{t.all}</LinkButton>
        </div>
      </Form>
    </Card>
  )
}
