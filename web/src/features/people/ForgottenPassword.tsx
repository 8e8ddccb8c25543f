import './registration.css'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { useSearch } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { email, useForm } from '@/lib/form'
import { nextIn } from '@/lib/next'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { registrationTexts } from './registration.texts'

/** Asks for a link; the answer is the same whether the e-mail has an account or not. */
export default function ForgottenPassword() {
  const t = useTexts(registrationTexts)
  const next = nextIn(useSearch())
  const [sentTo, setSentTo] = useState('')
  const schema = useMemo(() => v.object({ email: email(t.emailMissing) }), [t])
  const form = useForm({
    schema,
    defaults: { email: '' },
    send: async values => {
      await ask(api.POST('/v1/password-resets', { body: { ...values, next } }))
      setSentTo(values.email)
    },
  })
  if (sentTo) return <Page key="sent" heading={t.resetSentHeading} lead={t.resetSent(sentTo)}><p className="text">{t.notArrivedWhy}</p></Page>
  return (
    <Page heading={t.forgottenHeading} lead={t.forgottenLead}>
      <div className="narrow"><Card>
        <Form form={form}>
          <Input label={t.email} type="email" inputMode="email" autoComplete="username" {...form.field('email')} />
          <Button submit look="primary" size="l" busy={form.isBusy}>{t.sendLink}</Button>
        </Form>
      </Card></div>
    </Page>
  )
}
