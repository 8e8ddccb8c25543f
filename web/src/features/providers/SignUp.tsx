import './providers.css'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { asProblem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { email, filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { Input, Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { StepBar } from '@/ui/Stepper'
import type { Company } from './calls'
import { signUpTexts, wordTexts } from './texts'

/** What is known after the look-up: the register's data, or only the number and why there are none. */
type Found = { company: Company } | { ico: string; because: 'unknown' | 'unavailable' }

/** Number, contact, and a link by e-mail: the rest is filled in after signing in. */
export default function SignUp() {
  const t = useTexts(signUpTexts)
  const [found, setFound] = useState<Found | null>(null)
  const [sentTo, setSentTo] = useState('')
  const step = sentTo ? 2 : found ? 1 : 0
  return (
    <Page
      key={step}
      heading={sentTo ? t.sent : t.heading}
      lead={sentTo ? t.sentWhy(sentTo) : t.lead}
      above={<StepBar title={t.heading} steps={t.steps.map(label => ({ label }))} current={step} />}
    >
      <div className="narrow-form">
        {sentTo ? <WhatNext /> : found ? <ContactStep found={found} back={() => setFound(null)} done={setSentTo} /> : <NumberStep done={setFound} />}
      </div>
    </Page>
  )
}

function NumberStep({ done }: { done: (found: Found) => void }) {
  const t = useTexts(signUpTexts)
  const city = useCity()
  const schema = useMemo(() => v.object({ ico: v.pipe(v.string(), v.transform(text => text.replace(/\s/g, '')), v.regex(/^\d{8}$/, t.icoWrong)) }), [t])
  const form = useForm({
    schema,
    defaults: { ico: '' },
    send: async ({ ico }) => {
      try {
        done({ company: await ask(api.GET('/v1/cities/{city}/companies/{id}', { params: { path: { city: city.slug, id: ico } } })) })
      } catch (thrown) {
        const { code } = asProblem(thrown)
        if (code !== 'company_unknown' && code !== 'company_register_unavailable') throw thrown
        done({ ico, because: code === 'company_unknown' ? 'unknown' : 'unavailable' })
      }
    },
  })
  return (
    <Card>
      <Form form={form}>
        <Input label={t.ico} hint={t.icoHint} chars={10} inputMode="numeric" autoComplete="off" {...form.field('ico')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.find}</Button></div>
      </Form>
    </Card>
  )
}

function ContactStep({ found, back, done }: { found: Found; back: () => void; done: (email: string) => void }) {
  const t = useTexts(signUpTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const company = 'company' in found ? found.company : null
  const schema = useMemo(() => {
    const typed = (message: string) => (company ? v.string() : filled(message))
    return v.object({
      name: typed(t.nameNeeded), seat: typed(t.seatNeeded), legal_form: v.string(),
      contact: filled(t.contactNameNeeded), email: email(t.emailWrong), phone: v.pipe(v.string(), v.trim(), v.regex(/^[+0-9 ]*$/, t.phoneWrong)),
    })
  }, [t, company])
  const form = useForm({
    schema,
    defaults: { name: '', seat: '', legal_form: 'association', contact: '', email: '', phone: '' },
    apiNames: { 'contact.email': 'email', 'contact.phone': 'phone', 'contact.name': 'contact' },
    send: async values => {
      const contact = { name: values.contact, email: values.email, phone: values.phone, web: '' }
      const typed = company ? { name: '', seat: '', legal_form: company.legal_form } : { name: values.name, seat: values.seat, legal_form: values.legal_form as Company['legal_form'] }
      await ask(
        api.POST('/v1/cities/{city}/providers', {
          params: { path: { city: city.slug } },
          body: { ico: 'company' in found ? found.company.ico : found.ico, contact, ...typed, about: '', categories: [] },
        }),
      )
      done(values.email)
    },
  })
  const forms = Object.entries(words.legalForms).map(([value, label]) => ({ value, label }))
  return (
    <div className="stack">
      {company ? <CompanyCard company={company} /> : <Callout tone="warning">{'because' in found && found.because === 'unknown' ? t.unknownByHand : t.byHand}</Callout>}
      <Card>
        <Form form={form}>
          {!company && (
            <>
              <Input label={t.name} maxLength={200} {...form.field('name')} />
              <Input label={t.seat} maxLength={200} {...form.field('seat')} />
              <Select label={t.form} options={forms} {...form.field('legal_form')} />
            </>
          )}
          <Input label={t.contactName} autoComplete="name" maxLength={200} {...form.field('contact')} />
          <Input label={t.email} hint={t.emailHint} type="email" autoComplete="email" {...form.field('email')} />
          <Input label={t.phone} type="tel" optional autoComplete="tel" maxLength={30} {...form.field('phone')} />
          <div className="buttons">
            <Button submit look="primary" busy={form.isBusy}>{t.send}</Button>
            <Button look="quiet" onClick={back}>{t.other}</Button>
          </div>
        </Form>
      </Card>
    </div>
  )
}

function CompanyCard({ company }: { company: Company }) {
  const t = useTexts(signUpTexts)
  const words = useTexts(wordTexts)
  return (
    <Card title={company.name} level={2}>
      <Facts
        facts={[
          { label: t.ico, value: company.ico },
          { label: t.seat, value: company.seat },
          { label: t.form, value: words.legalForms[company.legal_form] },
          { label: t.vat, value: company.vat_payer ? words.vatPayer : words.notVatPayer },
        ]}
      />
    </Card>
  )
}

function WhatNext() {
  const t = useTexts(signUpTexts)
  return (
    <Card title={t.nextTitle} level={2}>
      <ol className="numbered">{t.next.map(line => <li key={line}>{line}</li>)}</ol>
      <div className="buttons"><LinkButton href="/">{t.home}</LinkButton></div>
    </Card>
  )
}
