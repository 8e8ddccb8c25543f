import './toast.css'
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import check from '~icon/check-circle-fill'
import cross from '~icon/x-lg'
import { useTexts } from '@/lib/texts'
import { IconButton } from './Button'
import { Icon } from './Icon'
import { uiTexts } from './texts'

interface Toast {
  id: number
  text: string
  undo?: () => void
}

type Show = (text: string, options?: { undo?: () => void }) => void
const ToastContext = createContext<Show>(() => {})
const SHOWN_MS = 8_000

/** Echoes one's own act: `toast('Voucher je zablokovaný', {undo: unblock})`. News go to the inbox, not here. */
export const useToast = () => useContext(ToastContext)

/** Holds the live region from the first moment, so that screen readers know it. */
export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const t = useTexts(uiTexts)
  const drop = useCallback((id: number) => setToasts(all => all.filter(toast => toast.id !== id)), [])
  const show = useCallback<Show>((text, options) => {
    setToasts(all => [...all.slice(-2), { id: Date.now() + Math.random(), text, undo: options?.undo }])
  }, [])
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-label={t.notifications}>
        {toasts.map(toast => <OneToast key={toast.id} toast={toast} onEnd={drop} />)}
      </div>
    </ToastContext>
  )
}

function OneToast({ toast, onEnd }: { toast: Toast; onEnd: (id: number) => void }) {
  const t = useTexts(uiTexts)
  const [paused, setPaused] = useState(false)
  const end = useMemo(() => () => onEnd(toast.id), [onEnd, toast.id])
  useEffect(() => {
    if (paused) return
    const timer = setTimeout(end, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [paused, end])
  const pause = { onMouseEnter: () => setPaused(true), onMouseLeave: () => setPaused(false), onFocus: () => setPaused(true), onBlur: () => setPaused(false) }
  return (
    <div className="toast" {...pause}>
      <Icon of={check} />
      <span className="grow">{toast.text}</span>
      {toast.undo && (
        <button type="button" className="toast-undo" onClick={() => { toast.undo?.(); end() }}>{t.undo}</button>
      )}
      <IconButton icon={cross} label={t.close} onClick={end} />
    </div>
  )
}
