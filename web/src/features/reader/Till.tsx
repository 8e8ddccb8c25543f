import { useCallback, useEffect, useRef, useState } from 'react'
import { Redirect } from 'wouter'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { scanned } from './codes'
import { useDevice } from './device'
import { Frame } from './Frame'
import { Pay } from './Pay'
import { endOf, useUnread, useWaiting, type Outcome, type Receipt, type Waiting } from './pending'
import { checkedAs, redeemedAs, type Shown } from './refusals'
import { EndedElsewhere, Paid, Refused, StillWaiting, TakenBack } from './Results'
import { Scan } from './Scan'
import { sightOf, type Choice, type Seen } from './sights'
import { readerTexts, type Why } from './texts'
import { check, queue, type Checked, type Undone } from './till'
import { TypeCode } from './TypeCode'
import { Which } from './Which'

type Step =
  | { at: 'scan' }
  | { at: 'which'; choices: readonly Choice[] }
  | { at: 'type'; typed?: string }
  | { at: 'checking' }
  | { at: 'pay'; code: string; checked: Checked }
  | { at: 'paid'; receipt: Receipt; priceMinor: number; late?: string }
  | { at: 'refused'; problem: Problem; shown: Shown<Why>; typed?: string; late?: string }
  | { at: 'waiting'; waiting: Waiting; problem: Problem }
  | { at: 'ended'; kind: 'nothing' | 'untold'; waiting: Waiting }
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
  const looked = useRef<readonly Seen[]>([])
  const unread = useUnread(queue)
  const waiting = useWaiting(queue)
  useEffect(() => document.getElementById('content')?.focus({ preventScroll: true }), [step.at])

  const ask = useCallback(async (code: string, typed?: string) => {
    setStep({ at: 'checking' })
    try {
      setStep({ at: 'pay', code, checked: await check(code) })
    } catch (thrown) {
      const problem = asProblem(thrown)
      setStep({ at: 'refused', problem, shown: checkedAs(problem), typed })
    }
  }, [])

  const next = useCallback(() => {
    last.current.until = Date.now() + SAME_CODE_MS
    looked.current = []
    setHint('')
    setStep({ at: 'scan' })
  }, [])

  const onScan = useCallback(
    (text: string) => {
      const seen = scanned(text)
      if (seen.kind !== 'voucher') return setHint(t.scan.foreign)
      last.current.code = seen.code
      void ask(seen.code)
    },
    [ask, t],
  )

  const onLook = useCallback(
    (seen: readonly Seen[]) => {
      const sight = sightOf(looked.current, seen)
      looked.current = seen
      if (sight.kind === 'foreign') setHint(t.scan.foreign)
      if (sight.kind === 'several') setStep({ at: 'which', choices: sight.choices })
      if (sight.kind === 'one' && !(sight.code === last.current.code && Date.now() < last.current.until)) onScan(sight.code)
    },
    [onScan, t],
  )

  const onOutcome = useCallback((outcome: Outcome, late?: string) => {
    if (outcome.kind === 'paid') setStep({ at: 'paid', receipt: outcome.receipt, priceMinor: outcome.waiting.priceMinor, late })
    else if (outcome.kind === 'refused') setStep({ at: 'refused', problem: outcome.problem, shown: redeemedAs(outcome.problem), late })
    else if (outcome.kind === 'unknown') setStep({ at: 'waiting', waiting: outcome.waiting, problem: outcome.problem })
    else setStep({ at: 'ended', kind: outcome.kind, waiting: outcome.waiting })
  }, [])

  // One that waited has ended: the screen turns to it, unless the cashier is in the middle of another voucher.
  const isFree = step.at === 'scan' || step.at === 'waiting'
  const shown = step.at === 'waiting' ? step.waiting.key : ''
  useEffect(() => {
    const late = isFree && (unread.find(({ key }) => key === shown) ?? unread[0])
    const outcome = late && endOf(late)
    if (outcome) {
      onOutcome(outcome, outcome.waiting.since)
      void queue.forget(outcome.waiting.key)
    } else if (shown && !waiting.some(({ key }) => key === shown)) next() // read in another tab
  }, [isFree, shown, unread, waiting, onOutcome, next])

  if (!device) return <Redirect to="/parovani" replace />
  switch (step.at) {
    case 'scan':
      return <Scan hint={hint || t.scan.aim} onLook={onLook} onScan={onScan} onType={() => setStep({ at: 'type' })} />
    case 'which':
      return <Which choices={step.choices} onChoose={onScan} onLeave={next} />
    case 'type':
      return <TypeCode typed={step.typed} onCode={code => void ask(code, code)} onScan={onScan} onLeave={next} />
    case 'checking':
      return <Frame title={t.scan.checking} onLeave={next}><p className="reader-wait" role="status">{t.scan.checking}</p></Frame>
    case 'pay':
      return <Pay code={step.code} checked={step.checked} onOutcome={onOutcome} onLeave={next} />
    case 'paid':
      if (step.receipt.undone_at) return <TakenBack undone={step.receipt} since={step.receipt.undone_at} late={step.late} onNext={next} />
      return <Paid key={step.receipt.id} receipt={step.receipt} priceMinor={step.priceMinor} late={step.late} onNext={next} onUndone={undone => setStep({ at: 'undone', undone })} />
    case 'undone':
      return <TakenBack undone={step.undone} onNext={next} />
    case 'refused':
      return <Refused problem={step.problem} shown={step.shown} late={step.late} onNext={step.problem.code === 'code_mistyped' ? () => setStep({ at: 'type', typed: step.typed }) : next} />
    case 'waiting':
      return <StillWaiting key={step.waiting.key} waiting={step.waiting} problem={step.problem} onNext={next} />
    case 'ended':
      return <EndedElsewhere kind={step.kind} waiting={step.waiting} onNext={next} />
  }
}
