import { useEffect, useId, useRef, useState, type SyntheticEvent } from 'react'
import minus from '~icon/dash-lg'
import plus from '~icon/plus-lg'
import { date, money, parseMoney } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { VerdictHead } from '@/ui/shells/ReaderShell'
import { BigButton, Frame, ReaderFacts } from './Frame'
import type { Outcome } from './pending'
import { recentAmounts, remember } from './recent'
import { sound } from './sound'
import { readerTexts, type ReaderTexts } from './texts'
import { queue, type Checked } from './till'

const STEP_MINOR = 10_00

interface PayProps {
  code: string
  checked: Checked
  onOutcome: (outcome: Outcome) => void
  onLeave: () => void
}

/** The voucher is valid: how much of it. The amount is never guessed. */
export function Pay({ code, checked, onOutcome, onLeave }: PayProps) {
  const t = useTexts(readerTexts)
  const [typed, setTyped] = useState('')
  const [phase, setPhase] = useState<'ready' | 'sending' | 'asking'>('ready')
  const [isChecked, setChecked] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const errorId = useId()
  useEffect(() => sound('valid'), [])

  const price = parseMoney(typed)
  const amount = price === null ? null : Math.min(price, checked.left_minor)
  const wrong = isChecked ? fault(price, checked, t) : null
  const set = (minor: number) => setTyped(minor > 0 ? String(minor / 100).replace('.', ',') : '')

  const send = async (event: SyntheticEvent) => {
    event.preventDefault()
    setChecked(true)
    if (price === null || amount === null || fault(price, checked, t)) return field.current?.focus()
    setPhase('sending')
    remember(price)
    const order = { code, amountMinor: amount, priceMinor: price, programme: checked.programme.name.cs }
    onOutcome(await queue.redeem(order, () => setPhase('asking')))
  }

  const name = localised(checked.programme.name)
  const purpose = localised(checked.programme.purpose)
  const isBusy = phase !== 'ready'
  const actions = (
    <>
      <BigButton submit busy={isBusy}>{isBusy ? t.pay.asking : amount ? t.pay.redeem(money(amount)) : t.pay.redeemNothing}</BigButton>
      {!isBusy && <BigButton look="quiet" onClick={onLeave}>{t.pay.leave}</BigButton>}
    </>
  )
  return (
    <form className="reader-form" onSubmit={event => void (isBusy ? event.preventDefault() : send(event))} noValidate>
      <Frame
        title={t.pay.valid}
        verdict="valid"
        onLeave={isBusy ? undefined : onLeave}
        head={<VerdictHead verdict="valid" title={t.pay.valid}><span lang={name.lang}>{name.text}</span></VerdictHead>}
        actions={actions}
      >
        <div className="reader-left">
          <span className="reader-soft">{t.pay.left}</span>
          <span className="amount">{money(checked.left_minor)}</span>
        </div>
        <div className="reader-field" data-wrong={wrong ? true : undefined}>
          <label htmlFor="amount">{checked.single_use ? t.pay.howMuchOnce : t.pay.howMuch}</label>
          {wrong && <p id={errorId} className="reader-wrong" role="alert">{wrong}</p>}
          <div className="reader-amount">
            <button type="button" aria-label={t.pay.less} disabled={isBusy} onClick={() => set(Math.max((price ?? 0) - STEP_MINOR, 0))}><Icon of={minus} size={24} /></button>
            <span className="reader-amount-field">
              <input
                id="amount"
                ref={field}
                value={typed}
                onChange={event => setTyped(event.target.value)}
                inputMode="decimal"
                autoComplete="off"
                maxLength={12}
                readOnly={isBusy}
                aria-invalid={wrong ? true : undefined}
                aria-describedby={wrong ? errorId : undefined}
              />
              <span aria-hidden="true">Kč</span>
            </span>
            <button type="button" aria-label={t.pay.more} disabled={isBusy} onClick={() => set((price ?? 0) + STEP_MINOR)}><Icon of={plus} size={24} /></button>
          </div>
          <Notes checked={checked} price={price} />
          <Chips left={checked.left_minor} chosen={price} onChoose={set} isBusy={isBusy} />
        </div>
        {phase === 'asking' && <p className="reader-note" role="status"><strong>{t.pay.asking}.</strong> {t.pay.askingWhy}</p>}
        <ReaderFacts
          facts={[
            { label: t.pay.until, value: date(checked.valid_until) },
            { label: t.pay.purpose, value: <span lang={purpose.lang}>{purpose.text}</span> },
          ]}
        />
      </Frame>
    </form>
  )
}

function fault(price: number | null, checked: Checked, t: ReaderTexts): string | null {
  if (!price) return t.pay.noAmount
  return price < checked.min_price_minor ? t.pay.least(money(checked.min_price_minor)) : null
}

/** Sums of this till's last sales, and all that is left. */
function Chips({ left, chosen, onChoose, isBusy }: { left: number; chosen: number | null; onChoose: (minor: number) => void; isBusy: boolean }) {
  const t = useTexts(readerTexts)
  const [recent] = useState(() => recentAmounts().filter(amount => amount < left))
  return (
    <div className="reader-chips">
      {[...recent, left].map(amount => (
        <button key={amount} type="button" aria-pressed={chosen === amount} disabled={isBusy} onClick={() => onChoose(amount)}>
          {amount === left ? t.pay.all(money(amount)) : money(amount)}
        </button>
      ))}
    </div>
  )
}

function Notes({ checked, price }: { checked: Checked; price: number | null }) {
  const t = useTexts(readerTexts)
  const notes = [
    price !== null && price > checked.left_minor ? t.pay.coPay(money(checked.left_minor), money(price - checked.left_minor)) : '',
    checked.min_price_minor ? t.pay.least(money(checked.min_price_minor)) : '',
    checked.single_use ? (checked.remainder === 'returns' ? t.pay.once : t.pay.onceStays) : '',
  ].filter(Boolean)
  return notes.length ? <p className="reader-note" role="status">{notes.join(' ')}</p> : null
}
