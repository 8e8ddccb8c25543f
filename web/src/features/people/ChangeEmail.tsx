import { useMemo } from 'react'
import * as v from 'valibot'
import { useLocation } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { email, filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Input, PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { accountTexts } from './account.texts'
import './registration.css'

export default function ChangeEmail() {
  const t = useTexts(accountTexts)
  const [, go] = useLocation()
  const toast = useToast()
  const schema = useMemo(() => v.object({ email: email(t.emailMissing), password: filled(t.currentMissing) }), [t])
  const form = useForm({
    schema,
    defaults: { email: '', password: '' },
    send: async values => {
      await ask(api.POST('/v1/email-changes', { body: values }))
      toast(t.linkSent(values.email))
      go('/ucet')
    },
  })
  return (
    <Page heading={t.emailHeading} lead={t.emailLead} above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/ucet' }, { label: t.emailHeading }]} />}>
      <div className="narrow">
        <Card>
          <Form form={form}>
            <Input label={t.newEmail} type="email" inputMode="email" autoComplete="email" {...form.field('email')} />
            <PasswordInput label={t.currentPassword} autoComplete="current-password" {...form.field('password')} />
            <Button submit look="primary" size="l" busy={form.isBusy}>{t.sendLink}</Button>
          </Form>
        </Card>
      </div>
    </Page>
  )
}
