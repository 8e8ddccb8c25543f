import { useTexts } from '@/lib/texts'
import type { Problem } from '@/lib/api/problem'
import { Button } from './Button'
import { Callout } from './Callout'
import { uiTexts } from './texts'
import { ProblemCallout } from './Waiting'

interface Operation {
  state: { phase: string }
  problem: Problem | null
  /** Asks again with the key and body of before; what is given here is not used then. */
  run: (body: never) => Promise<unknown>
}

/** Under a button that moves money: „Ověřujeme výsledek" after a time-out, the reason after a refusal. */
export function OperationNotice({ operation }: { operation: Operation }) {
  const t = useTexts(uiTexts)
  const askAgain = () => void operation.run(undefined as never)
  if (operation.problem) return <ProblemCallout problem={operation.problem} />
  if (operation.state.phase === 'checking') return <Callout tone="neutral" title={t.checkingTitle} appears>{t.checking}</Callout>
  if (operation.state.phase === 'unsure') {
    return <Callout tone="warning" title={t.checkingTitle} appears action={<Button onClick={askAgain}>{t.askAgain}</Button>}>{t.unsure}</Callout>
  }
  return null
}
