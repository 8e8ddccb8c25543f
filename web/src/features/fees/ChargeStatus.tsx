import { useTexts } from '@/lib/texts'
import { Tag, type Tone } from '@/ui/Tag'
import { feeTexts } from './texts'

const TONES: Record<string, Tone> = { due: 'info', overdue: 'error', partly_paid: 'warning', paid: 'success', overpaid: 'warning' }

export function ChargeStatus({ state }: { state: string }) {
  const t = useTexts(feeTexts)
  return <Tag tone={TONES[state] ?? 'neutral'}>{t.states[state] ?? state}</Tag>
}
