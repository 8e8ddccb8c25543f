import { useState } from 'react'
import { useLocation } from 'wouter'
import { setLanguage, useLanguage, useTexts, type Language } from '@/lib/texts'
import { unpair, useDevice } from './device'
import { BigButton, Frame, ReaderFacts } from './Frame'
import { usePlace } from './place'
import { useWaiting } from './pending'
import { isSilent, setSilent } from './sound'
import { readerTexts } from './texts'
import { queue } from './till'

const LANGUAGES: Record<Language, string> = { cs: 'Čeština', en: 'English', uk: 'Українська' }

export default function Settings() {
  const t = useTexts(readerTexts)
  const language = useLanguage()
  const device = useDevice()
  const place = usePlace()
  const waiting = useWaiting(queue)
  const [, go] = useLocation()
  const [silent, setIsSilent] = useState(isSilent)
  const leave = () => {
    unpair()
    go('/parovani')
  }
  const choose = (next: boolean) => {
    setSilent(next)
    setIsSilent(next)
  }
  return (
    <Frame title={t.settings.heading} isAside>
      <h1>{t.settings.heading}</h1>
      <fieldset className="reader-choice">
        <legend>{t.settings.language}</legend>
        {(Object.keys(LANGUAGES) as Language[]).map(code => (
          <label key={code} lang={code}>
            <input type="radio" name="language" checked={language === code} onChange={() => setLanguage(code)} />{LANGUAGES[code]}
          </label>
        ))}
      </fieldset>
      <fieldset className="reader-choice">
        <legend>{t.settings.sound}</legend>
        <label><input type="radio" name="sound" checked={!silent} onChange={() => choose(false)} />{t.settings.soundOn}</label>
        <label><input type="radio" name="sound" checked={silent} onChange={() => choose(true)} />{t.settings.soundOff}</label>
      </fieldset>
      <p className="reader-soft">{t.settings.install}</p>
      {device && (
        <section>
          <h2 className="reader-now">{t.settings.device}</h2>
          {place && <ReaderFacts facts={[{ label: t.ready.place, value: place.branch_name === place.provider_name ? place.branch_name : `${place.provider_name}, ${place.branch_name}` }, { label: t.ready.till, value: place.name }]} />}
          <p className="reader-soft">{waiting.length ? t.settings.unpairBlocked : t.settings.unpairWhy}</p>
          {!waiting.length && <BigButton look="danger" onClick={leave}>{t.settings.unpair}</BigButton>}
        </section>
      )}
    </Frame>
  )
}
