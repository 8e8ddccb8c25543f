import './tag.css'
import type { ReactNode } from 'react'
import check from '~icon/check-lg'
import info from '~icon/info-circle-fill'
import cross from '~icon/x-octagon-fill'
import triangle from '~icon/exclamation-triangle-fill'
import slash from '~icon/slash-circle'
import { Icon } from './Icon'

export type Tone = 'success' | 'warning' | 'error' | 'info' | 'neutral'

const COLOUR: Record<Tone, string> = { success: 'success', warning: 'warning', error: 'error', info: 'primary', neutral: 'neutral' }
const ICON: Record<Tone, string> = { success: check, warning: triangle, error: cross, info, neutral: slash }

interface TagProps {
  tone: Tone
  /** Instead of the tone's own icon; a status is never told by colour alone. */
  icon?: string
  children: ReactNode
}

/** Status: icon and word. `<Tag tone="warning">Čeká na doplnění</Tag>` */
export function Tag({ tone, icon = ICON[tone], children }: TagProps) {
  return (
    <span className="gov-tag" data-type="subtle" data-color={COLOUR[tone]}>
      <Icon of={icon} size={14} />
      <span>{children}</span>
    </span>
  )
}

/** The same without a background, for table cells. */
export function Status({ tone, icon = ICON[tone], children }: TagProps) {
  return (
    <span className="status" data-tone={tone}>
      <Icon of={icon} size={14} />
      <span>{children}</span>
    </span>
  )
}
