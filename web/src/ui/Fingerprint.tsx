import './fingerprint.css'
import copy from '~icon/clipboard'
import { texts, useTexts } from '@/lib/texts'
import { IconButton } from './Button'
import { useToast } from './Toast'

const t$ = texts({
  cs: { copy: 'Zkopírovat celý otisk', copied: 'Otisk je ve schránce' },
  en: { copy: 'Copy the whole fingerprint', copied: 'The fingerprint is in the clipboard' },
})

const SHOWN = 12

/** A hash, short enough to compare by eye; the button copies it whole. */
export function Fingerprint({ of }: { of: string }) {
  const t = useTexts(t$)
  const toast = useToast()
  const take = () => void navigator.clipboard.writeText(of).then(() => toast(t.copied))
  return (
    <span className="fingerprint">
      <span className="code">{of.slice(0, SHOWN)}…</span>
      <IconButton icon={copy} label={t.copy} onClick={take} />
    </span>
  )
}
