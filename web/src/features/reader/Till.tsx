import { useCallback, useEffect, useRef, useState } from 'react'
import { Redirect } from 'wouter'
import { asProblem, Problem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { scanned } from './codes'
import { useDevice } from './device'
import { Frame } from './Frame'
import { Pay } from './Pay'
import type { Outcome, Receipt, Waiting } from './pending'
import { Paid, Refused, StillWaiting, TakenBack } from './Results'
import { Scan } from './Scan'
import { readerTexts } from './texts'
import { check, queue, type Checked, type Undone } from './till'
import { TypeCode } from './TypeCode'

type Step =
  | { at: 'scan' }
  | { at: 'type'; typed?: string }
  | { at: 'checking' }
  | { at: 'pay'; code: string; checked: Checked }
  | { at: 'paid'; receipt: Receipt; priceMinor: number }
  | { at: 'refused'; problem: Problem; typed?: string }
  | { at: 'waiting'; waiting: Waiting }
  | { at: 'undone'; undone: Undone }

/** The same code right after a verdict is the voucher still lying there, not another scan. */
const SAME_CODE_MS = 2_500

/** The till's one screen: scan, decide, redeem, next. */
export default function Till() {
  const t = useTexts(readerTexts)
  const device = useDevice()
  const [step, setStep] = useState<Step>({ at: 'scan' })
  const [hint, setHint] = useState('')
  const last = useRef({ code: '', until: 0 })
  useEffect(() => document.getElementById('content')?.focus({ preventScroll: true }), [step.at])

  const ask = useCallback(async (code: string, typed?: string) => {
    setStep({ at: 'checking' })
    try {
      setStep({ at: 'pay', code, checked: await check(code) })
    } catch (thrown) {
      setStep({ at: 'refused', problem: asProblem(thrown), typed })
    }
  }, [])

  const next = useCallback(() => {
    last.current.until = Date.now() + SAME_CODE_MS
    setHint('')
    setStep({ at: 'scan' })
  }, [])

  const onCode = useCallback(
    (text: string) => {
      if (text === last.current.code && Date.now() < last.current.until) return
      const seen = scanned(text)
      if (seen.kind !== 'voucher') return setHint(t.scan.foreign)
      last.current.code = text
      void ask(seen.code)
    },
    [ask, t],
  )

  const onOutcome = (outcome: Outcome) => {
    if (outcome.kind === 'paid') setStep({ at: 'paid', receipt: outcome.receipt, priceMinor: outcome.waiting.priceMinor })
    else if (outcome.kind === 'refused') setStep({ at: 'refused', problem: outcome.problem })
    else setStep({ at: 'waiting', waiting: outcome.waiting })
  }

  if (!device) return <Redirect to="/parovani" replace />
  switch (step.at) {
    case 'scan':
      return <Scan hint={hint || t.scan.aim} onCode={onCode} onType={() => setStep({ at: 'type' })} />
    case 'type':
      return <TypeCode typed={step.typed} onCode={code => void ask(code, code)} onLeave={next} />
    case 'checking':
      return <Frame title={t.scan.checking} onLeave={next}><p className="reader-wait" role="status">{t.scan.checking}</p></Frame>
    case 'pay':
      return <Pay code={step.code} checked={step.checked} onOutcome={onOutcome} onLeave={next} />
    case 'paid':
      return <Paid receipt={step.receipt} priceMinor={step.priceMinor} onNext={next} onUndone={undone => setStep({ at: 'undone', undone })} onRefused={problem => setStep({ at: 'refused', problem })} />
    case 'undone':
      return <TakenBack undone={step.undone} onNext={next} />
    case 'refused':
      return <Refused problem={step.problem} onNext={step.problem.code === 'code_mistyped' ? () => setStep({ at: 'type', typed: step.typed }) : next} />
    case 'waiting':
      return <StillWaiting waiting={step.waiting} onNext={next} onRetry={async () => onOutcome(await queue.askLater(step.waiting))} />
  }
}
