import { Redirect, useLocation } from 'wouter'
import { localised, useTexts } from '@/lib/texts'
import { VerdictHead } from '@/ui/shells/ReaderShell'
import { useDevice } from './device'
import { BigButton, Frame, ReaderFacts } from './Frame'
import { usePlace } from './place'
import { readerTexts } from './texts'

/** Right after pairing: where the till stands and what it accepts. */
export default function Ready() {
  const t = useTexts(readerTexts)
  const device = useDevice()
  const place = usePlace()
  const [, go] = useLocation()
  if (!device) return <Redirect to="/parovani" replace />
  const accepted = place?.programmes.map(programme => localised(programme.name).text) ?? []
  return (
    <Frame
      title={t.ready.heading}
      verdict="valid"
      head={<VerdictHead verdict="valid" title={t.ready.heading} />}
      actions={<BigButton onClick={() => go('/pokladnik', { replace: true })}>{t.ready.start}</BigButton>}
    >
      {place && (
        <ReaderFacts
          facts={[
            { label: t.ready.place, value: place.branch_name },
            { label: t.ready.till, value: place.name },
            ...(accepted.length ? [{ label: t.ready.accepts, value: accepted.join(', ') }] : []),
          ]}
        />
      )}
      {place && !accepted.length && <p className="reader-note">{t.ready.nothing}</p>}
    </Frame>
  )
}
