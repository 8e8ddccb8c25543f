/** States of grants and vouchers, told by icon and word. */
import clock from '~icon/clock'
import lock from '~icon/lock-fill'
import { useTexts } from '@/lib/texts'
import { Tag, type Tone } from '@/ui/Tag'
import type { Grant } from './calls'
import { walletTexts } from './texts'

type Shown = keyof (typeof walletTexts)['cs']['states']

const TONES: Record<Shown, Tone> = {
  active: 'success', valid: 'success', partly_used: 'success', not_yet_valid: 'info',
  suspended: 'warning', blocked: 'error', replaced: 'neutral', used: 'neutral', expired: 'neutral', revoked: 'neutral',
}
const ICONS: Partial<Record<Shown, string>> = { not_yet_valid: clock, blocked: lock }

export function shownState(grant: Grant): Shown {
  if (grant.state !== 'active') return grant.state
  if (grant.voucher) return grant.voucher.state
  // The books keep spent credit open, because a cancelled order gives it back.
  return grant.spendable_minor + grant.held_minor === 0 ? 'used' : 'active'
}

/** Whether there is anything left to do with it. */
export const isLiving = (grant: Grant) => !['used', 'expired', 'revoked'].includes(shownState(grant))

/** Whether an activity may be ordered on it. */
export const mayOrder = (grant: Grant) => grant.mode === 'credit' && isLiving(grant) && grant.spendable_minor > 0

export function GrantTag({ grant }: { grant: Grant }) {
  const t = useTexts(walletTexts)
  const state = shownState(grant)
  const icon = ICONS[state]
  return <Tag tone={TONES[state]} {...(icon && { icon })}>{t.states[state]}</Tag>
}
