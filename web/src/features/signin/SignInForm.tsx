import { useMemo } from 'react'
import * as v from 'valibot'
import { email, filled, useForm } from '@/lib/form'
import { signIn } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Input, PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { signInTexts } from './texts'

const PASSWORD_MAX = 128

/** E-mail and password; whoever shows it sees the change of the session. Its fields have names of their own, because it may stand over another form. */
export function SignInForm() {
  const t = useTexts(signInTexts)
  const schema = useMemo(() => v.object({ sign_in_email: email(t.emailMissing), sign_in_password: filled(t.passwordMissing, PASSWORD_MAX) }), [t])
  const form = useForm({
    schema,
    defaults: { sign_in_email: '', sign_in_password: '' },
    apiNames: { email: 'sign_in_email', password: 'sign_in_password' },
    send: typed => signIn(typed.sign_in_email, typed.sign_in_password),
  })
  return (
    <Form form={form}>
      <Input label={t.email} type="email" inputMode="email" autoComplete="username" {...form.field('sign_in_email')} />
      <PasswordInput label={t.password} autoComplete="current-password" {...form.field('sign_in_password')} />
      <Button submit look="primary" size="l" wide busy={form.isBusy}>{t.submit}</Button>
    </Form>
  )
}
