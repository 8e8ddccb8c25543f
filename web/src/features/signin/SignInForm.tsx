import { useMemo } from 'react'
import * as v from 'valibot'
import { email, filled, useForm } from '@/lib/form'
import { signIn } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Input, PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { signInTexts } from './texts'

const PASSWORD_MAX = 200

/** E-mail and password; whoever shows it sees the change of the session. */
export function SignInForm() {
  const t = useTexts(signInTexts)
  const schema = useMemo(() => v.object({ email: email(t.emailMissing), password: filled(t.passwordMissing, PASSWORD_MAX) }), [t])
  const form = useForm({
    schema,
    defaults: { email: '', password: '' },
    send: values => signIn(values.email, values.password),
  })
  return (
    <Form form={form}>
      <Input label={t.email} type="email" inputMode="email" autoComplete="username" {...form.field('email')} />
      <PasswordInput label={t.password} autoComplete="current-password" {...form.field('password')} />
      <Button submit look="primary" size="l" wide busy={form.isBusy}>{t.submit}</Button>
    </Form>
  )
}
