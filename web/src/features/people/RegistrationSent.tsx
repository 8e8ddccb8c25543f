import './registration.css'
import { useState } from 'react'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { ProblemCallout } from '@/ui/Waiting'
import { registrationTexts } from './registration.texts'

/** The same for everyone: whether the e-mail has an account is told only in the e-mail. */
export function Sent({ email, again, mend }: { email: string; again: (() => Promise<unknown>) | undefined; mend: () => void }) {
  const t = useTexts(registrationTexts)
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const sendAgain = async () => {
    if (!again) return
    setBusy(true)
    setProblem(null)
    try {
      await again()
      toast(t.sentAgain)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    }
    setBusy(false)
  }
  return (
    <Page heading={t.sentHeading} lead={t.sent(email)}>
      <ol className="numbered text">{t.sentSteps.map(step => <li key={step}>{step}</li>)}</ol>
      {problem && <ProblemCallout problem={problem} />}
      <div className="narrow"><Card title={t.notArrived} level={2}>
        <p className="soft">{t.notArrivedWhy}</p>
        <div className="buttons">
          {again && <Button look="secondary" busy={busy} onClick={() => void sendAgain()}>{t.again}</Button>}
          <Button look="quiet" onClick={mend}>{t.otherEmail}</Button>
        </div>
      </Card></div>
    </Page>
  )
}
