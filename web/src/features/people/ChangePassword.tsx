import { useMemo } from 'react'
import * as v from 'valibot'
import { useLocation } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { accountTexts } from './account.texts'
import { newPassword } from './rules'
import './registration.css'

export default function ChangePassword() {
  const t = useTexts(accountTexts)
  const [, go] = useLocation()
  const toast = useToast()
  const schema = useMemo(() => v.object({ current: filled(t.currentMissing), password: newPassword(t.newPasswordMissing) }), [t])
  const form = useForm({
    schema,
    defaults: { current: '', password: '' },
    send: async values => {
      await ask(api.POST('/v1/password-changes', { body: values }))
      toast(t.passwordSaved)
      go('/ucet')
    },
  })
  return (
    <Page heading={t.passwordHeading} lead={t.passwordLead} above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/ucet' }, { label: t.passwordHeading }]} />}>
      <div className="narrow">
        <Card>
          <Form form={form}>
            <PasswordInput label={t.currentPassword} autoComplete="current-password" {...form.field('current')} />
            <PasswordInput label={t.newPassword} hint={t.newPasswordHint} autoComplete="new-password" {...form.field('password')} />
            <Button submit look="primary" size="l" busy={form.isBusy}>{t.changePassword}</Button>
          </Form>
        </Card>
      </div>
    </Page>
  )
}
