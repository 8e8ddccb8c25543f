import './dialog.css'
import { useEffect, useId, useRef, type MouseEvent, type ReactNode } from 'react'
import cross from '~icon/x-lg'
import { useTexts } from '@/lib/texts'
import { IconButton } from './Button'
import { uiTexts } from './texts'

interface DialogProps {
  open: boolean
  /** Esc, the cross and a press beside it; leave out when it must not be closed. */
  onClose?: () => void
  title: ReactNode
  /** Buttons; give `autoFocus` to the safe one. */
  actions?: ReactNode
  /** `sheet` rises from the bottom of a phone and slides from the side on a desktop. */
  kind?: 'dialog' | 'sheet'
  children?: ReactNode
}

/** On the native element: focus stays inside, Esc closes, focus returns to what opened it. */
export function Dialog({ open, onClose, title, actions, kind = 'dialog', children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const t = useTexts(uiTexts)

  useEffect(() => {
    const dialog = ref.current
    if (!dialog || dialog.open === open) return
    if (open) dialog.showModal()
    else dialog.close()
  }, [open])

  const closeBeside = (event: MouseEvent) => {
    if (event.target === ref.current) onClose?.()
  }

  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Esc is native
    <dialog
      ref={ref}
      className="dialog"
      data-kind={kind}
      aria-labelledby={titleId}
      onClick={closeBeside}
      onClose={onClose}
      onCancel={event => {
        event.preventDefault()
        onClose?.()
      }}
    >
      {open && (
        <div className="dialog-inside">
          <div className="dialog-head">
            <h2 id={titleId}>{title}</h2>
            {onClose && <IconButton icon={cross} label={t.close} onClick={onClose} />}
          </div>
          <div className="dialog-body">{children}</div>
          {actions && <div className="dialog-actions buttons">{actions}</div>}
        </div>
      )}
    </dialog>
  )
}

export function Sheet(props: Omit<DialogProps, 'kind'>) {
  return <Dialog {...props} kind="sheet" />
}
