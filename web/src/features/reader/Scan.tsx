import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import keyboard from '~icon/keyboard'
import { money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { BigButton, Frame } from './Frame'
import { readerTexts } from './texts'
import type { Seen } from './sights'
import { myDay, type Day } from './till'
import { Viewfinder } from './Viewfinder'
import { useWedge } from './wedge'

interface ScanProps {
  hint: string
  onLook: (seen: readonly Seen[]) => void
  /** What a scanner typed. */
  onScan: (text: string) => void
  onType: () => void
}

/** The camera over the whole screen, a scanner that types from anywhere, typing under the thumb, today's total. */
export function Scan({ hint, onLook, onScan, onType }: ScanProps) {
  const t = useTexts(readerTexts)
  const [day, setDay] = useState<Day>()
  useWedge(onScan)
  useEffect(() => {
    myDay().then(setDay, () => undefined) // off line: the total is left out
  }, [])
  const actions = (
    <>
      <BigButton look="secondary" icon={keyboard} onClick={onType}>{t.scan.byHand}</BigButton>
      <nav className="reader-today" aria-label={t.today.heading}>
        {day ? (
          <>
            <span>{t.scan.today(day.count)}</span>
            <Link href="/dnes">{money(day.total_minor, 'always')}</Link>
          </>
        ) : (
          <Link href="/dnes">{t.today.heading}</Link>
        )}
      </nav>
    </>
  )
  return (
    <Frame title={t.scan.heading} actions={actions}>
      <h1 className="visually-hidden">{t.scan.heading}</h1>
      <Viewfinder onLook={onLook} hint={hint} />
    </Frame>
  )
}
