import { useState, type SyntheticEvent } from 'react'
import { Redirect, useLocation } from 'wouter'
import { asProblem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { useDevice } from './device'
import { BigButton, Frame } from './Frame'
import { hearPlace, usePlace } from './place'
import { readerTexts } from './texts'
import { beginShift } from './till'

/** Who stands here from now on. */
export default function Cashier() {
  const t = useTexts(readerTexts)
  const device = useDevice()
  const place = usePlace()
  const [, go] = useLocation()
  const [name, setName] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  if (!device) return <Redirect to="/parovani" replace />
  const begin = async (cashier: string) => {
    setBusy(true)
    try {
      await beginShift(cashier)
      void hearPlace()
      go('/')
    } catch (thrown) {
      setProblem(asProblem(thrown).message)
      setBusy(false)
    }
  }
  const send = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!isBusy) void begin(name.trim())
  }
  const actions = (
    <>
      <BigButton submit busy={isBusy}>{name.trim() ? t.cashier.save : t.cashier.nobody}</BigButton>
    </>
  )
  return (
    <form className="reader-form" onSubmit={send} noValidate>
      <Frame title={t.cashier.heading} isAside actions={actions}>
        <h1>{t.cashier.heading}</h1>
        {place?.cashier && <p>{t.cashier.now(place.cashier)}</p>}
        {problem && <p className="reader-wrong" role="alert">{problem}</p>}
        <div className="reader-field">
          <label htmlFor="cashier">{t.cashier.label}</label>
          <p id="cashier-hint" className="reader-soft">{t.cashier.hint}</p>
          <input id="cashier" value={name} onChange={event => setName(event.target.value)} maxLength={60} autoComplete="off" aria-describedby="cashier-hint" />
        </div>
      </Frame>
    </form>
  )
}
