import { useEffect } from 'react'
import { useTexts } from '@/lib/texts'
import { BigButton, Frame } from './Frame'
import type { Choice } from './sights'
import { sound } from './sound'
import { readerTexts } from './texts'

interface WhichProps {
  choices: readonly Choice[]
  onChoose: (code: string) => void
  onLeave: () => void
}

/** More vouchers in one picture: the cashier says which. */
export function Which({ choices, onChoose, onLeave }: WhichProps) {
  const t = useTexts(readerTexts)
  useEffect(() => sound('elsewhere'), [])
  const actions = (
    <>
      {choices.map(({ code, place }) => <BigButton key={code} onClick={() => onChoose(code)}>{t.scan.places[place]}</BigButton>)}
      <BigButton look="quiet" onClick={onLeave}>{t.scan.again}</BigButton>
    </>
  )
  return (
    <Frame title={t.scan.which} onLeave={onLeave} actions={actions}>
      <h1>{t.scan.which}</h1>
      <p>{t.scan.whichHow}</p>
    </Frame>
  )
}
