import { useCallback, useEffect, useState } from 'react'
import { Redirect } from 'wouter'
import printer from '~icon/printer'
import { asProblem, type Problem } from '@/lib/api/problem'
import { date, money, time } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { serverNow, useDevice } from './device'
import { BigButton, Frame, ReaderFacts } from './Frame'
import { endOf, useUnread, useWaiting } from './pending'
import { told } from './refusals'
import { NotTakenBack } from './Results'
import { readerTexts } from './texts'
import { myDay, queue, undo, type Day, type DayLine } from './till'

/** The day of this till: what was redeemed, what waits, what was refused later; the close to print. */
export default function Today() {
  const t = useTexts(readerTexts)
  const device = useDevice()
  const waiting = useWaiting(queue)
  const [day, setDay] = useState<Day>()
  const [failed, setFailed] = useState('')
  const load = useCallback(() => {
    setFailed('')
    myDay().then(setDay, thrown => setFailed(asProblem(thrown).message))
  }, [])
  useEffect(load, [load, waiting.length])
  if (!device) return <Redirect to="/parovani" replace />
  return (
    <Frame title={t.today.heading} isAside actions={<div className="no-print"><BigButton look="secondary" icon={printer} onClick={() => print()}>{t.today.print}</BigButton></div>}>
      <h1>{day ? `${t.today.heading} ${date(day.day)}` : t.today.heading}</h1>
      {failed && (
        <div className="reader-note" role="alert">
          <p><strong>{t.today.failed}</strong> {failed}</p>
          <BigButton look="secondary" onClick={load}>{t.today.retry}</BigButton>
        </div>
      )}
      <WaitingList />
      <EndedList />
      {day && (
        <ReaderFacts
          facts={[
            { label: t.today.count, value: day.count },
            { label: t.today.total, value: money(day.total_minor, 'always') },
          ]}
        />
      )}
      {day && (day.items.length ? (
        <ul className="reader-lines">{day.items.map(line => <Line key={line.id} line={line} onChange={load} />)}</ul>
      ) : (
        <p className="reader-soft">{t.today.empty}</p>
      ))}
    </Frame>
  )
}

function Line({ line, onChange }: { line: DayLine; onChange: () => void }) {
  const t = useTexts(readerTexts)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const state = line.state === 'accepted' ? '' : t.today.states[line.state]
  const canUndo = (line.state === 'accepted' || line.state === 'disputed') && Date.parse(line.undo_until) > serverNow()
  const takeBack = () => {
    setBusy(true)
    setProblem(undefined)
    undo(line.voucher, line.id).then(onChange, thrown => setProblem(asProblem(thrown))).finally(() => setBusy(false))
  }
  const name = localised(line.programme_name)
  return (
    <li>
      <div className="reader-line">
        <span><strong>{time(line.at)}</strong> <span lang={name.lang}>{name.text}</span></span>
        <span className="reader-line-amount" data-state={line.state}>{money(line.amount_minor, 'always')}</span>
      </div>
      <div className="reader-line reader-soft">
        <span>{[t.today.receipt(line.receipt_number), line.cashier, state].filter(Boolean).join(' · ')}</span>
        {canUndo && <button type="button" className="reader-link no-print" aria-disabled={isBusy || undefined} onClick={() => !isBusy && takeBack()}>{isBusy ? t.paid.undoing : t.today.undo}</button>}
      </div>
      {problem && <NotTakenBack problem={problem} />}
    </li>
  )
}

function WaitingList() {
  const t = useTexts(readerTexts)
  const waiting = useWaiting(queue)
  const [isAsking, setAsking] = useState(false)
  if (!waiting.length) return null
  const askNow = () => {
    setAsking(true)
    void queue.askAll().finally(() => setAsking(false))
  }
  return (
    <section className="reader-note">
      <h2 className="reader-now">{t.today.waiting}</h2>
      <ul className="reader-lines">
        {waiting.map(({ key, since, programme, amountMinor }) => (
          <li key={key} className="reader-line"><span>{time(since)} {programme}</span><strong>{money(amountMinor, 'always')}</strong></li>
        ))}
      </ul>
      <BigButton look="secondary" busy={isAsking} onClick={askNow}>{isAsking ? t.pay.asking : t.today.askNow}</BigButton>
    </section>
  )
}

/** Those that ended after the cashier had gone on, until each was read. */
function EndedList() {
  const t = useTexts(readerTexts)
  const unread = useUnread(queue)
  if (!unread.length) return null
  return (
    <section className="reader-note" data-tone="bad">
      <h2 className="reader-now">{t.today.ended}</h2>
      <ul className="reader-lines">
        {unread.map(waiting => {
          const { key, since, programme, amountMinor } = waiting
          return (
            <li key={key}>
              <div className="reader-line"><span>{time(since)} {programme}</span><strong>{money(amountMinor, 'always')}</strong></div>
              <p>{told(endOf(waiting)!, t)}</p>
              <button type="button" className="reader-link" onClick={() => void queue.forget(key)}>{t.today.understood}</button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
