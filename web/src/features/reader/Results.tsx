import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import printer from '~icon/printer'
import qr from '~icon/qr-code-scan'
import back from '~icon/arrow-counterclockwise'
import { asProblem, type Problem } from '@/lib/api/problem'
import { date, dateTime, money, time } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { VerdictHead } from '@/ui/shells/ReaderShell'
import { unpair } from './device'
import { BigButton, Frame, ReaderFacts, type Fact } from './Frame'
import { usePlace } from './place'
import { useWaiting, type Receipt, type Waiting } from './pending'
import { shownAs } from './refusals'
import { sound } from './sound'
import { readerTexts, type ReaderTexts } from './texts'
import { queue, undo, type Undone } from './till'

interface PaidProps {
  receipt: Receipt
  priceMinor: number
  onNext: () => void
  onUndone: (undone: Undone) => void
  onRefused: (problem: Problem) => void
}

/** In the books: the receipt, and the way back while there is one. */
export function Paid({ receipt, priceMinor, onNext, onUndone, onRefused }: PaidProps) {
  const t = useTexts(readerTexts)
  const [isUndoing, setUndoing] = useState(false)
  const [isUnsure, setUnsure] = useState(false)
  const canUndo = useIsBefore(receipt.undo_until)
  useEffect(() => sound('valid'), [])
  const takeBack = async () => {
    setUndoing(true)
    setUnsure(false)
    try {
      onUndone(await undo(receipt.voucher, receipt.id))
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.isUncertain) setUnsure(true)
      else onRefused(problem)
    }
    setUndoing(false)
  }
  const name = localised(receipt.programme.name)
  const rest = priceMinor - receipt.amount_minor
  const title = t.paid.title(money(receipt.amount_minor))
  return (
    <Frame
      title={title}
      verdict="valid"
      onLeave={onNext}
      head={<VerdictHead verdict="valid" title={title}>{dateTime(receipt.at)}</VerdictHead>}
      actions={<BigButton icon={qr} onClick={onNext}>{t.paid.next}</BigButton>}
    >
      <ReaderFacts
        facts={[
          { label: t.paid.receipt, value: receipt.receipt_number },
          { label: t.paid.left, value: money(receipt.left_minor, 'always') },
          ...(rest > 0 ? [{ label: t.paid.coPay, value: money(rest, 'always') }] : []),
          { label: t.paid.programme, value: <span lang={name.lang}>{name.text}</span> },
        ]}
      />
      <div className="reader-pair no-print">
        <button type="button" onClick={() => print()}><Icon of={printer} />{t.paid.print}</button>
        {canUndo && (
          <button type="button" data-look="danger" aria-disabled={isUndoing || undefined} onClick={() => void (isUndoing || takeBack())}>
            <Icon of={back} />{isUndoing ? t.paid.undoing : t.paid.undo}
          </button>
        )}
      </div>
      {canUndo && <p className="reader-soft no-print">{t.paid.undoUntil(time(receipt.undo_until))}</p>}
      {isUnsure && <p className="reader-note" role="alert"><strong>{t.pay.asking}.</strong> {t.pay.askingWhy}</p>}
    </Frame>
  )
}

function useIsBefore(until: string): boolean {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000)
    return () => clearInterval(timer)
  }, [])
  return now <= Date.parse(until)
}

export function TakenBack({ undone, onNext }: { undone: Undone; onNext: () => void }) {
  const t = useTexts(readerTexts)
  const title = t.undone.title(money(undone.amount_minor))
  return (
    <Frame
      title={title}
      verdict="valid"
      onLeave={onNext}
      head={<VerdictHead verdict="valid" title={title}>{t.undone.why}</VerdictHead>}
      actions={<BigButton icon={qr} onClick={onNext}>{t.paid.next}</BigButton>}
    >
      <ReaderFacts
        facts={[
          { label: t.paid.receipt, value: undone.receipt_number },
          { label: t.paid.left, value: money(undone.left_minor, 'always') },
        ]}
      />
    </Frame>
  )
}

/** Why not: colour, shape and word, the facts, and what to do. */
export function Refused({ problem, onNext }: { problem: Problem; onNext: () => void }) {
  const t = useTexts(readerTexts)
  const place = usePlace()
  const [, go] = useLocation()
  const { verdict, why } = shownAs(problem)
  const words = t.why[why]
  useEffect(() => sound(verdict), [verdict])
  const isUnpaired = why === 'unpaired'
  const pairAgain = () => {
    unpair()
    go('/parovani')
  }
  const facts = factsOf(problem, t, place?.programmes.map(programme => localised(programme.name).text) ?? [])
  return (
    <Frame
      title={words.title}
      verdict={verdict}
      onLeave={isUnpaired ? undefined : onNext}
      head={<VerdictHead verdict={verdict} title={words.title}>{words.text}</VerdictHead>}
      actions={
        <BigButton icon={isUnpaired ? undefined : qr} onClick={isUnpaired ? pairAgain : onNext}>
          {isUnpaired ? t.refused.pairAgain : why === 'mistyped' ? t.refused.retry : t.paid.next}
        </BigButton>
      }
    >
      {facts.length > 0 && <ReaderFacts facts={facts} />}
      <div>
        <h2 className="reader-now">{t.refused.now}</h2>
        <p>{words.now}</p>
      </div>
    </Frame>
  )
}

function factsOf({ code, facts }: Problem, t: ReaderTexts, accepted: readonly string[]): Fact[] {
  const text = (name: string) => String(facts[name] ?? '')
  const all: (Fact | null)[] = [
    facts['at'] ? { label: t.refused.when, value: dateTime(text('at')) } : null,
    facts['where'] ? { label: t.refused.where, value: text('where') } : null,
    facts['programme'] ? { label: t.refused.programme, value: text('programme') } : null,
    code === 'not_accepted_here' && accepted.length ? { label: t.refused.accepts, value: accepted.join(', ') } : null,
    facts['valid_from'] ? { label: t.refused.from, value: dateTime(text('valid_from')) } : null,
    facts['valid_until'] ? { label: code === 'validity_ended' ? t.refused.ended : t.refused.until, value: date(text('valid_until')) } : null,
    facts['min_price_minor'] ? { label: t.refused.least, value: money(Number(facts['min_price_minor'])) } : null,
    facts['limit_minor'] ? { label: t.refused.limit, value: money(Number(facts['limit_minor'])) } : null,
    facts['left_minor'] === undefined
      ? null
      : { label: code === 'day_limit_reached' ? t.refused.leftToday : t.refused.left, value: money(Number(facts['left_minor'])) },
    code === 'frozen' ? { label: t.refused.stopped, value: t.refused.stoppedWhat[text('what')] ?? text('what') } : null,
    code === 'frozen' && facts['since'] ? { label: t.refused.since, value: dateTime(text('since')) } : null,
  ]
  return all.filter(fact => fact !== null)
}

interface StillWaitingProps {
  waiting: Waiting
  onNext: () => void
  onRetry: () => Promise<void>
}

/** No answer yet: kept with its key, sent again by itself, never twice. */
export function StillWaiting({ waiting, onNext, onRetry }: StillWaitingProps) {
  const t = useTexts(readerTexts)
  const all = useWaiting(queue)
  const [isAsking, setAsking] = useState(false)
  useEffect(() => sound('undecided'), [])
  const retry = async () => {
    setAsking(true)
    await onRetry()
    setAsking(false)
  }
  const total = all.reduce((sum, one) => sum + one.amountMinor, 0)
  return (
    <Frame
      title={t.waiting.title}
      verdict="undecided"
      onLeave={onNext}
      head={<VerdictHead verdict="undecided" title={t.waiting.title}>{t.waiting.why}</VerdictHead>}
      actions={
        <>
          <BigButton icon={qr} onClick={onNext}>{t.paid.next}</BigButton>
          <BigButton look="quiet" busy={isAsking} onClick={() => void retry()}>{isAsking ? t.pay.asking : t.waiting.retry}</BigButton>
        </>
      }
    >
      <ReaderFacts
        facts={[
          { label: t.waiting.amount, value: money(waiting.amountMinor, 'always') },
          { label: t.paid.programme, value: waiting.programme },
          { label: t.waiting.queue, value: `${all.length} · ${money(total, 'always')}` },
        ]}
      />
      <p>{t.waiting.now}</p>
    </Frame>
  )
}
