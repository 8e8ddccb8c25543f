import './callout.css'
import type { ReactNode } from 'react'
import check from '~icon/check-circle-fill'
import info from '~icon/info-circle-fill'
import cross from '~icon/exclamation-circle-fill'
import triangle from '~icon/exclamation-triangle-fill'
import clock from '~icon/clock-fill'
import { Icon } from './Icon'
import type { Tone } from './Tag'

const ICON: Record<Tone, string> = { success: check, warning: triangle, error: cross, info, neutral: clock }

interface CalloutProps {
  tone: Tone
  title?: ReactNode
  /** It appeared while the person was on the screen, so it is to be read out. */
  appears?: boolean
  action?: ReactNode
  children?: ReactNode
}

/** What a person must not miss, with the way on: `<Callout tone="warning" title="…" action={<LinkButton …/>}>…</Callout>` */
export function Callout({ tone, title, appears, action, children }: CalloutProps) {
  return (
    <div className="callout" data-tone={tone} role={appears ? 'alert' : undefined}>
      <Icon of={ICON[tone]} size={20} />
      <div className="callout-body">
        {title && <p className="strong">{title}</p>}
        {children && <div>{children}</div>}
        {action && <div className="callout-action">{action}</div>}
      </div>
    </div>
  )
}
