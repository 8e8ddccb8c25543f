import { useEffect, useState, type SyntheticEvent } from 'react'
import { useLocation } from 'wouter'
import { ask } from '@/lib/api/client'
import { api as open } from '@/lib/api/client'
import { asProblem } from '@/lib/api/problem'
import { useTexts } from '@/lib/texts'
import { isMistyped, scanned, tidied } from './codes'
import { pair } from './device'
import { BigButton, Frame } from './Frame'
import type { Seen } from './sights'
import { readerTexts } from './texts'
import { Viewfinder } from './Viewfinder'

type City = { slug: string; name: string }

/** Makes this device a till: by the link of the QR code, by scanning it here, or by typing. */
export default function Pairing() {
  const t = useTexts(readerTexts)
  const [, go] = useLocation()
  const [mode, setMode] = useState<'start' | 'scan' | 'type'>('start')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')

  const send = async (city: string, code: string) => {
    setBusy(true)
    setProblem('')
    try {
      await pair(city, code)
      go('/pripraveno', { replace: true })
    } catch (thrown) {
      setProblem(asProblem(thrown).message)
      setMode('start')
      setBusy(false)
    }
  }

  useEffect(() => {
    const opened = scanned(location.href)
    if (opened.kind !== 'pairing') return
    history.replaceState(null, '', location.pathname) // the code is not to stay in the address
    void send(opened.city, opened.code)
  }, []) // oxlint-disable-line react/exhaustive-deps -- once, for the link that opened the app

  const onLook = (looked: readonly Seen[]) => {
    if (!looked.length) return
    const pairing = looked.map(({ text }) => scanned(text)).find(seen => seen.kind === 'pairing')
    if (pairing) void send(pairing.city, pairing.code)
    else setProblem(t.pair.wrongQr)
  }

  if (isBusy) return <Frame title={t.pair.pairing}><p className="reader-wait" role="status">{t.pair.pairing}</p></Frame>
  if (mode === 'scan') {
    return (
      <Frame title={t.pair.heading} actions={<BigButton look="secondary" onClick={() => setMode('start')}>{t.back}</BigButton>}>
        <h1 className="visually-hidden">{t.pair.heading}</h1>
        <Viewfinder onLook={onLook} hint={problem || t.pair.aim} />
      </Frame>
    )
  }
  if (mode === 'type') return <TypePairing onSend={send} onBack={() => setMode('start')} />
  const actions = (
    <>
      <BigButton onClick={() => { setProblem(''); setMode('scan') }}>{t.pair.scan}</BigButton>
      <BigButton look="secondary" onClick={() => setMode('type')}>{t.pair.byHand}</BigButton>
    </>
  )
  return (
    <Frame title={t.pair.heading} actions={actions}>
      <h1>{t.pair.heading}</h1>
      <p>{t.pair.how}</p>
      {problem && <p className="reader-wrong" role="alert">{problem}</p>}
    </Frame>
  )
}

function TypePairing({ onSend, onBack }: { onSend: (city: string, code: string) => Promise<void>; onBack: () => void }) {
  const t = useTexts(readerTexts)
  const [cities, setCities] = useState<readonly City[]>([])
  const [chosen, setChosen] = useState('')
  const [code, setCode] = useState('')
  const [isWrong, setWrong] = useState(false)
  useEffect(() => {
    ask(open.GET('/v1/cities', {})).then(({ items }) => setCities(items), () => undefined)
  }, [])
  const city = chosen || cities[0]?.slug
  const send = (event: SyntheticEvent) => {
    event.preventDefault()
    const wrong = isMistyped(code)
    setWrong(wrong)
    if (!wrong && city) void onSend(city, code)
  }
  const actions = (
    <>
      <BigButton submit>{t.pair.pair}</BigButton>
      <BigButton look="quiet" onClick={onBack}>{t.back}</BigButton>
    </>
  )
  return (
    <form className="reader-form" onSubmit={send} noValidate>
      <Frame title={t.pair.byHand} actions={actions}>
        <h1>{t.pair.byHand}</h1>
        <div className="reader-field">
          <label htmlFor="city">{t.pair.city}</label>
          <select id="city" value={city} onChange={event => setChosen(event.target.value)}>
            {cities.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}
          </select>
        </div>
        <div className="reader-field" data-wrong={isWrong || undefined}>
          <label htmlFor="code">{t.pair.code}</label>
          <p id="code-hint" className="reader-soft">{t.pair.codeHint}</p>
          {isWrong && <p id="code-wrong" className="reader-wrong" role="alert">{t.typed.mistyped}</p>}
          <input
            id="code"
            className="reader-code"
            data-long
            value={code}
            onChange={event => setCode(event.target.value.toUpperCase())}
            onBlur={() => setCode(grouped(code))}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={30}
            aria-invalid={isWrong || undefined}
            aria-describedby={isWrong ? 'code-wrong code-hint' : 'code-hint'}
          />
        </div>
      </Frame>
    </form>
  )
}

const grouped = (code: string) => tidied(code).replaceAll('-', '').replace(/(.{4})(?=.)/g, '$1-')
