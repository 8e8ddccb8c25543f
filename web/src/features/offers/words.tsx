/** How states, days and prices of the offer are shown. */
import clock from '~icon/hourglass-split'
import pencil from '~icon/pencil'
import { date, deadline } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Tag, type Tone } from '@/ui/Tag'
import type { Activity, Order, OrderState, Session } from './calls'
import { wordTexts } from './texts'

const TONES: Record<OrderState, Tone> = {
  requested: 'info', confirmed: 'success', attended: 'success', rejected: 'error', timed_out: 'warning', cancelled: 'neutral', not_attended: 'neutral',
}

export function OrderTag({ state }: { state: OrderState }) {
  const t = useTexts(wordTexts)
  return <Tag tone={TONES[state]} {...(state === 'requested' && { icon: clock })}>{t.states[state]}</Tag>
}

export function ActivityTag({ state }: { state: Activity['state'] }) {
  const t = useTexts(wordTexts)
  const tone: Tone = state === 'published' ? 'success' : 'neutral'
  return <Tag tone={tone} {...(state === 'draft' && { icon: pencil })}>{t.activityStates[state]}</Tag>
}

export function PlacesTag({ session }: { session: Session }) {
  const t = useTexts(wordTexts)
  const tone: Tone = session.places === 0 ? 'neutral' : session.places <= 3 ? 'warning' : 'success'
  return <Tag tone={tone}>{t.places(session.places)}</Tag>
}

/** „20. 11. 2026" or „20. 11. 2026 – 25. 11. 2026". */
export const span = (session: Pick<Session, 'starts_on' | 'ends_on'>) =>
  session.starts_on === session.ends_on ? date(session.starts_on) : `${date(session.starts_on)} – ${date(session.ends_on)}`

/** What the state means for the citizen, with its day. */
export function sentenceFacts(order: Order): string {
  return order.state === 'requested' ? deadline(order.confirm_by) : date(order.starts_on)
}

export const cheapest = (sessions: readonly Session[]) => Math.min(...sessions.map(session => session.price_minor))
