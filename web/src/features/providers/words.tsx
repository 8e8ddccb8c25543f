/** How the states of providers, parts and accounts are shown. */
import clock from '~icon/hourglass-split'
import { useTexts } from '@/lib/texts'
import { Tag, type Tone } from '@/ui/Tag'
import type { Account, Part, Provider } from './calls'
import { wordTexts } from './texts'

const PROVIDER: Record<Provider['state'], Tone> = { registered: 'neutral', in_review: 'info', active: 'success', suspended: 'warning', ended: 'neutral' }
const PART: Record<Part['state'], Tone> = { in_review: 'info', active: 'success', suspended: 'warning', declined: 'error', ended: 'neutral' }
const ACCOUNT: Record<Account['state'], Tone> = { pending: 'warning', approved: 'success', refused: 'neutral' }

export function ProviderTag({ state }: { state: Provider['state'] }) {
  const t = useTexts(wordTexts)
  return <Tag tone={PROVIDER[state]} {...(state === 'in_review' && { icon: clock })}>{t.states[state]}</Tag>
}

export function PartTag({ state }: { state: Part['state'] }) {
  const t = useTexts(wordTexts)
  return <Tag tone={PART[state]} {...(state === 'in_review' && { icon: clock })}>{t.partStates[state]}</Tag>
}

export function AccountTag({ state }: { state: Account['state'] }) {
  const t = useTexts(wordTexts)
  return <Tag tone={ACCOUNT[state]} {...(state === 'pending' && { icon: clock })}>{t.accountStates[state]}</Tag>
}
