import './decision-panel.css'
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { Button } from './Button'
import { Sheet } from './Dialog'

interface DecisionPanelProps {
  title: string
  /** The phone's button that opens it: „Rozhodnout". */
  trigger: string
  /** Facts, choices, amount, effect in words, the one button. */
  children: ReactNode
}

/** The last child of `.with-aside`: stays in sight on a desktop, a sheet on a phone. */
export function DecisionPanel({ title, trigger, children }: DecisionPanelProps) {
  const isWide = useIsWide()
  const [open, setOpen] = useState(false)
  if (isWide) {
    return (
      <aside className="decision card" aria-label={title}>
        <h2 className="card-title">{title}</h2>
        {children}
      </aside>
    )
  }
  return (
    <>
      <div className="decision-bar"><Button look="primary" size="l" wide onClick={() => setOpen(true)}>{trigger}</Button></div>
      <Sheet open={open} onClose={() => setOpen(false)} title={title}>{children}</Sheet>
    </>
  )
}

const WIDE = '(min-width: 64em)'

function onWidth(listener: () => void): () => void {
  const query = matchMedia(WIDE)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether there is room for an aside (64em). */
export function useIsWide(): boolean {
  return useSyncExternalStore(onWidth, () => matchMedia(WIDE).matches, () => true)
}

/** Keys for those who work without a mouse: `useKeys({ j: next, k: previous })`; silent while typing. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      const isTyping = target.matches('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]')
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      keys[event.key.toLowerCase()]?.()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [keys])
}
