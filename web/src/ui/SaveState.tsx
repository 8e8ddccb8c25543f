import './save-state.css'
import cloud from '~icon/cloud-check'
import off from '~icon/cloud-slash'
import type { AutosaveState } from '@/lib/autosave'
import { time } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Icon } from './Icon'
import { uiTexts } from './texts'

/** „Koncept uložen v 14:32": beside a form that saves itself. `note` says what it is not: „žádost zatím není odeslaná". */
export function SaveState({ state, note }: { state: AutosaveState; note?: string }) {
  const t = useTexts(uiTexts)
  const words = { clean: '', waiting: t.draftSaving, saving: t.draftSaving, failed: t.draftFailed, saved: state.status === 'saved' ? t.draftSaved(time(state.at)) : '' }[state.status]
  return (
    <p className="save-state small" role="status" data-failed={state.status === 'failed' || undefined}>
      {words && <Icon of={state.status === 'failed' ? off : cloud} size={18} />}
      <span>{[words, note].filter(Boolean).join(', ')}</span>
    </p>
  )
}
