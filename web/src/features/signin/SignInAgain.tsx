import { signOut } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { SignInForm } from './SignInForm'
import { signInTexts } from './texts'

/** Over the screen whose sign-in expired: what the person typed stays beneath. */
export default function SignInAgain() {
  const t = useTexts(signInTexts)
  return (
    <Dialog open title={t.expired} actions={<Button look="quiet" onClick={() => void signOut()}>{t.leave}</Button>}>
      <p>{t.expiredWhy}</p>
      <SignInForm />
    </Dialog>
  )
}
