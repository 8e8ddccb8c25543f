import lightning from '~icon/lightning-charge-fill'
import swap from '~icon/arrow-repeat'
import { useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { useCamera } from './camera'
import type { Seen } from './sights'
import { readerTexts } from './texts'
import { BigButton } from './Frame'

interface ViewfinderProps {
  onLook: (seen: readonly Seen[]) => void
  /** What to aim at, or what is wrong with what was seen. */
  hint: string
}

/** The camera with its frame, light and other lens; says how to allow it, or what to do without it. */
export function Viewfinder({ onLook, hint }: ViewfinderProps) {
  const t = useTexts(readerTexts)
  const { show, state, hasTorch, isLit, light, hasOther, other, retry } = useCamera(onLook)
  const isOn = state === 'on' || state === 'opening'
  return (
    <div className="viewfinder" data-on={isOn || undefined}>
      <video ref={show} playsInline muted aria-hidden="true" hidden={!isOn} />
      {isOn ? (
        <>
          <div className="viewfinder-frame" aria-hidden="true" />
          <div className="viewfinder-tools">
            {hasTorch && (
              <button type="button" className="viewfinder-tool" aria-pressed={isLit} aria-label={isLit ? t.scan.dark : t.scan.light} onClick={light}>
                <Icon of={lightning} size={24} />
              </button>
            )}
            {hasOther && (
              <button type="button" className="viewfinder-tool" aria-label={t.scan.other} onClick={other}><Icon of={swap} size={24} /></button>
            )}
          </div>
          <p className="viewfinder-hint" role="status">{state === 'opening' ? t.scan.opening : hint}</p>
        </>
      ) : (
        <div className="viewfinder-off">
          <h2>{state === 'denied' ? t.camera.denied : state === 'busy' ? t.camera.busy : t.camera.missing}</h2>
          {state === 'denied' ? (
            <ol className="viewfinder-how">{t.camera.deniedHow.map(step => <li key={step}>{step}</li>)}</ol>
          ) : (
            <p>{state === 'busy' ? t.camera.busyWhy : t.camera.missingWhy}</p>
          )}
          <BigButton look="secondary" onClick={retry}>{t.camera.retry}</BigButton>
        </div>
      )}
    </div>
  )
}
