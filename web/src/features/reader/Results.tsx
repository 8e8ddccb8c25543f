import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import printer from '~icon/printer'
import qr from '~icon/qr-code-scan'
import back from '~icon/arrow-counterclockwise'
import { asProblem, type Problem } from '@/lib/api/problem'
import { date, dateTime, money, time } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { VerdictHead } from '@/ui/shells/ReaderShell'
import { serverNow, unpair } from './device'
import { BigButton, Frame, ReaderFacts, type Fact } from './Frame'
import { usePlace } from './place'
import { useWaiting, type Receipt, type Waiting } from './pending'
import { inDoubtBy, takenBackAs, type Shown } from './refusals'
import { sound } from './sound'
import { readerTexts, type ReaderTexts, type Why } from './texts'
import { queue, undo, type Undone } from './till'

interface PaidProps {
  receipt: Receipt
  priceMinor: number
  /** Since when it waited for this, where the cashier had gone on meanwhile. */
  late?: string
  onNext: () => void
  onUndone: (undone: Undone) => void
}

/** In the books: the receipt, and the way back while there is one. */
export function Paid({ receipt, priceMinor, late, onNext, onUndone }: PaidProps) {
  const t = useTexts(readerTexts)
  const [isUndoing, setUndoing] = useState(false)
  const [stays, setStays] = useState<Problem>()
  const canUndo = useIsBefore(receipt.undo_until)
  useEffect(() => sound('valid'), [])
  const takeBack = async () => {
    setUndoing(true)
    setStays(undefined)
    try {
      onUndone(await undo(receipt.voucher, receipt.id))
    } catch (thrown) {
      const problem = asProblem(thrown)
      sound(takenBackAs(problem)?.verdict ?? 'undecided')
      setStays(problem)
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
      {late && <p className="reader-note">{t.paid.late(time(late))}</p>}
      {stays && <NotTakenBack problem={stays} />}
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
    </Frame>
  )
}

/** Why a redemption stays, or that nobody knows whether it does. The money is still debited, and the screen says so. */
export function NotTakenBack({ problem }: { problem: Problem }) {
  const t = useTexts(readerTexts)
  const shown = takenBackAs(problem)
  if (!shown) return <p className="reader-note" role="alert"><strong>{t.waiting.title}.</strong> {t.paid.undoUnsure}</p>
  const { title, text, now } = t.whyNotBack[shown.why]
  return <p className="reader-note" data-tone="bad" role="alert"><strong>{title}.</strong> {text} {now}</p>
}

function useIsBefore(until: string): boolean {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 5_000)
    return () => clearInterval(timer)
  }, [])
  return now <= Date.parse(until)
}

interface TakenBackProps {
  undone: Pick<Undone, 'amount_minor' | 'receipt_number' | 'left_minor'>
  /** When it was taken back, where that was before this till learned how it ended. */
  since?: string | null
  late?: string
  onNext: () => void
}

/** The money is back on the voucher: just now, or already before the till learned of the redemption. */
export function TakenBack({ undone, since, late, onNext }: TakenBackProps) {
  const t = useTexts(readerTexts)
  const title = t.undone.title(money(undone.amount_minor))
  const verdict = since ? 'elsewhere' : 'valid'
  useEffect(() => {
    if (since) sound('elsewhere')
  }, [since])
  return (
    <Frame
      title={title}
      verdict={verdict}
      onLeave={onNext}
      head={<VerdictHead verdict={verdict} title={title}>{since ? t.undone.since(dateTime(since)) : t.undone.why}</VerdictHead>}
      actions={<BigButton icon={qr} onClick={onNext}>{t.paid.next}</BigButton>}
    >
      {late && <p className="reader-note">{t.paid.late(time(late))}</p>}
      <ReaderFacts
        facts={[
          { label: t.paid.receipt, value: undone.receipt_number },
          { label: t.paid.left, value: money(undone.left_minor, 'always') },
        ]}
      />
    </Frame>
  )
}

interface RefusedProps {
  problem: Problem
  /** By the table of what was asked: a check or a redemption. */
  shown: Shown<Why>
  late?: string
  onNext: () => void
}

/** Why not: colour, shape and word, the facts, and what to do. */
export function Refused({ problem, shown: { verdict, why }, late, onNext }: RefusedProps) {
  const t = useTexts(readerTexts)
  const place = usePlace()
  const [, go] = useLocation()
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
      {late && <p className="reader-note">{t.paid.late(time(late))}</p>}
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

/** How one ended that belonged to another pairing: it never came, or it cannot be told from here. */
export function EndedElsewhere({ kind, waiting, onNext }: { kind: 'nothing' | 'untold'; waiting: Waiting; onNext: () => void }) {
  const t = useTexts(readerTexts)
  const { title, text, now } = t.ended[kind]
  const verdict = kind === 'nothing' ? 'elsewhere' : 'undecided'
  useEffect(() => sound(verdict), [verdict])
  return (
    <Frame
      title={title}
      verdict={verdict}
      onLeave={onNext}
      head={<VerdictHead verdict={verdict} title={title}>{text}</VerdictHead>}
      actions={<BigButton icon={qr} onClick={onNext}>{t.paid.next}</BigButton>}
    >
      <ReaderFacts facts={[{ label: t.refused.since, value: dateTime(waiting.since) }, ...ofWaiting(waiting, t)]} />
      <p>{now}</p>
    </Frame>
  )
}

const ofWaiting = ({ amountMinor, programme }: Waiting, t: ReaderTexts): Fact[] => [
  { label: t.waiting.amount, value: money(amountMinor, 'always') },
  { label: t.paid.programme, value: programme },
]

interface StillWaitingProps {
  waiting: Waiting
  problem: Problem
  onNext: () => void
}

/** No answer yet: kept with its key, asked for by itself, never done twice. Its end turns this screen. */
export function StillWaiting({ waiting, problem, onNext }: StillWaitingProps) {
  const t = useTexts(readerTexts)
  const [, go] = useLocation()
  const all = useWaiting(queue)
  const [isAsking, setAsking] = useState(false)
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    sound('undecided')
    return () => void (isHere.current = false)
  }, [])
  const retry = async () => {
    setAsking(true)
    await queue.askLater(waiting.key)
    if (isHere.current) setAsking(false)
  }
  const why = inDoubtBy(problem)
  const pairAgain = () => {
    unpair()
    go('/parovani')
  }
  const total = all.reduce((sum, one) => sum + one.amountMinor, 0)
  return (
    <Frame
      title={t.waiting.title}
      verdict="undecided"
      onLeave={onNext}
      head={<VerdictHead verdict="undecided" title={t.waiting.title}>{t.waiting.why[why]}</VerdictHead>}
      actions={
        <>
          {why === 'unpaired' ? (
            <BigButton onClick={pairAgain}>{t.refused.pairAgain}</BigButton>
          ) : (
            <BigButton icon={qr} onClick={onNext}>{t.paid.next}</BigButton>
          )}
          <BigButton look="quiet" busy={isAsking} onClick={() => void retry()}>{isAsking ? t.pay.asking : t.waiting.retry}</BigButton>
        </>
      }
    >
      <ReaderFacts
        facts={[
          ...ofWaiting(waiting, t),
          { label: t.waiting.queue, value: `${all.length} · ${money(total, 'always')}` },
        ]}
      />
      <p>{why === 'unpaired' ? t.waiting.nowUnpaired : t.waiting.now}</p>
    </Frame>
  )
}
