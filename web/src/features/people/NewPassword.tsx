import './registration.css'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { appHref, useCity } from '@/lib/city'
import { useForm } from '@/lib/form'
import { withNext } from '@/lib/next'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { EmptyState } from '@/ui/Waiting'
import { registrationTexts } from './registration.texts'
import { newPassword } from './rules'
import { useLinkNext, useLinkToken } from './token'

/** The link from the e-mail: a new password, and every device is signed out. */
export default function NewPassword() {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const token = useLinkToken()
  const next = useLinkNext()
  const [isSet, setSet] = useState(false)
  const schema = useMemo(() => v.object({ password: newPassword(t.passwordMissing) }), [t])
  const form = useForm({
    schema,
    defaults: { password: '' },
    send: async ({ password }) => {
      await ask(api.POST('/v1/password-resets/confirm', { body: { token, password } }))
      setSet(true)
    },
  })
  const askAgain = <LinkButton look="primary" href={withNext('/heslo', next)}>{t.sendLink}</LinkButton>
  if (isSet) {
    return (
      <Page key="set" heading={t.setHeading} lead={t.set}>
        <div className="buttons">
          {next
            ? <LinkButton look="primary" size="l" outside href={appHref('moje', city.slug, next)}>{t.toNext}</LinkButton>
            : <LinkButton look="primary" size="l" href="/prihlaseni">{t.signIn}</LinkButton>}
        </div>
      </Page>
    )
  }
  if (!token) return <Page heading={t.newHeading}><EmptyState title={t.noToken} action={askAgain} /></Page>
  if (form.problem?.code === 'link_spent') return <Page key="spent" heading={t.spent} lead={t.resetSpentWhy}><div className="buttons">{askAgain}</div></Page>
  return (
    <Page heading={t.newHeading} lead={t.newLead}>
      <div className="narrow"><Card>
        <Form form={form}>
          <PasswordInput label={t.newPassword} hint={t.passwordHint} autoComplete="new-password" {...form.field('password')} />
          <Button submit look="primary" size="l" busy={form.isBusy}>{t.setPassword}</Button>
        </Form>
      </Card></div>
    </Page>
  )
}
