import { useState, type SyntheticEvent } from 'react'
import { useTexts } from '@/lib/texts'
import { isMistyped, isWhole, tidied } from './codes'
import { BigButton, Frame } from './Frame'
import { readerTexts } from './texts'
import { useWedge } from './wedge'

interface TypeCodeProps {
  typed?: string
  onCode: (code: string) => void
  onScan: (text: string) => void
  onLeave: () => void
}

/** The code under the QR, typed; a mistake is found before anybody is asked. */
export function TypeCode({ typed = '', onCode, onScan, onLeave }: TypeCodeProps) {
  const t = useTexts(readerTexts)
  const [code, setCode] = useState(tidied(typed))
  const [isWrong, setWrong] = useState(false)
  useWedge(onScan)
  const send = (event: SyntheticEvent) => {
    event.preventDefault()
    if (isMistyped(code)) setWrong(true)
    else onCode(code)
  }
  const type = (text: string) => {
    const next = tidied(text)
    setCode(next)
    setWrong(isWrong && isWhole(next) && isMistyped(next))
  }
  return (
    <form className="reader-form" onSubmit={send} noValidate>
      <Frame title={t.typed.heading} onLeave={onLeave} actions={<BigButton submit>{t.typed.check}</BigButton>}>
        <h1>{t.typed.heading}</h1>
        <div className="reader-field" data-wrong={isWrong || undefined}>
          <label htmlFor="code">{t.typed.label}</label>
          <p id="code-hint" className="reader-soft">{t.typed.hint}</p>
          {isWrong && <p id="code-wrong" className="reader-wrong" role="alert">{t.typed.mistyped}</p>}
          <input
            id="code"
            className="reader-code"
            value={code}
            onChange={event => type(event.target.value)}
            autoFocus // oxlint-disable-line jsx-a11y/no-autofocus -- the screen has one field and opens to type
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            maxLength={24}
            aria-invalid={isWrong || undefined}
            aria-describedby={isWrong ? 'code-wrong code-hint' : 'code-hint'}
          />
        </div>
      </Frame>
    </form>
  )
}
