import { useMemo } from 'react'
import * as v from 'valibot'
import { useLocation } from 'wouter'
import search from '~icon/search'
import { appHref, useCity } from '@/lib/city'
import { useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { PageTitle, Section } from '@/ui/Page'
import { ContactLinks } from '@/ui/shells/parts'
import { homeTexts } from './texts'
import './home.css'

export default function Home() {
  const t = useTexts(homeTexts).home
  return (
    <div className="sections">
      <div className="home-promise">
        <div className="stack">
          <PageTitle>{t.heading}</PageTitle>
          <p className="lead text">{t.lead}</p>
        </div>
        <Finder />
      </div>
      <Section title={t.steps}>
        <ol className="grid grid-3 home-steps">
          {t.stepList.map((step, i) => (
            <li key={step.title} className="card">
              <span className="home-step-number" aria-hidden="true">{i + 1}</span>
              <h3>{step.title}</h3>
              <p className="soft">{step.text}</p>
            </li>
          ))}
        </ol>
      </Section>
      <PeopleWhoHelp />
    </div>
  )
}

const AGE_MAX = 120

/** Age and street lead to the programmes that may fit; nothing is sent or kept. */
function Finder() {
  const t = useTexts(homeTexts).home
  const [, go] = useLocation()
  const schema = useMemo(
    () => v.object({ age: v.pipe(v.string(), v.trim(), v.check(text => /^\d{1,3}$/.test(text) && Number(text) <= AGE_MAX, t.ageWrong)), street: v.pipe(v.string(), v.trim(), v.maxLength(100)) }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { age: '', street: '' },
    send: async ({ age, street }) => go(`/programy?${new URLSearchParams({ vek: age, ...(street && { ulice: street }) })}`),
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

function PeopleWhoHelp() {
  const t = useTexts(homeTexts)
  const city = useCity()
  return (
    <div className="grid grid-2">
      <Card title={t.home.forHelp}>
        <p className="soft">{t.home.forHelpText}</p>
        <div className="small"><ContactLinks contact={city.contact} /></div>
      </Card>
      <Card title={t.home.haveAccount}>
        <p className="soft">{t.where.citizenText}</p>
        <div className="buttons"><LinkButton look="secondary" outside href={appHref('moje', city.slug)}>{t.where.citizen}</LinkButton></div>
      </Card>
    </div>
  )
}
