import { useTexts } from '@/lib/texts'
import { Status } from '@/ui/Tag'
import type { Verification } from './calls'
import { stateTexts } from './texts'

/** The state of a guardian's link. */
export function LinkStatus({ one }: { one: Verification }) {
  const s = useTexts(stateTexts)
  if (!one.link) return null
  const state = one.link.state
  const tone = state.startsWith('proved') ? 'success' : state === 'declared' ? 'warning' : 'neutral'
  return <Status tone={tone}>{s.link[state]}</Status>
}
