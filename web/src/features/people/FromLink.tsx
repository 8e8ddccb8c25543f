import { useState, type ReactNode } from 'react'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Page } from '@/ui/Page'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { registrationTexts } from './registration.texts'
import { useLinkToken } from './token'

interface FromLinkProps {
  heading: string
  lead: string
  button: string
  /** Sends the token; a press, because mail scanners open links too. */
  act: (token: string) => Promise<unknown>
  spentWhy: string
  /** What one can do when the link is spent. */
  wayOn: ReactNode
  done: ReactNode
}

/** A page that a link of an e-mail leads to: one press, then what came of it. */
export function FromLink({ heading, lead, button, act, spentWhy, wayOn, done }: FromLinkProps) {
  const t = useTexts(registrationTexts)
  const token = useLinkToken()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isDone, setDone] = useState(false)
  if (isDone) return done
  if (!token) return <Page heading={heading}><EmptyState title={t.noToken} action={wayOn} /></Page>
  if (problem?.code === 'link_spent') return <Page heading={t.spent} lead={spentWhy}><div className="buttons">{wayOn}</div></Page>
  const press = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await act(token)
      setDone(true)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    }
    setBusy(false)
  }
  return (
    <Page heading={heading} lead={lead}>
      {problem && <ProblemCallout problem={problem} />}
      <div className="buttons">
        {problem && !problem.isUncertain ? wayOn : <Button look="primary" size="l" busy={busy} onClick={() => void press()}>{button}</Button>}
      </div>
    </Page>
  )
}
