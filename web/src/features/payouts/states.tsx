import { useTexts } from '@/lib/texts'
import { Status, Tag, type Tone } from '@/ui/Tag'
import { date } from '@/lib/format'
import type { Line, Payout, Sample } from './calls'
import { checkTexts } from './checks.texts'
import { payoutTexts } from './texts'

const TONES: Record<string, Tone> = {
  draft: 'warning',
  authorised: 'warning',
  released: 'warning',
  exported: 'info',
  settled: 'success',
  partly_settled: 'warning',
  cancelled: 'neutral',
  to_pay: 'neutral',
  in_order: 'info',
  debited: 'success',
  returned: 'error',
  rejected: 'error',
  offset: 'success',
  settled_inside: 'success',
}

export function PayoutTag({ payout, plain }: { payout: Payout; plain?: boolean }) {
  const t = useTexts(payoutTexts)
  const As = plain ? Status : Tag
  return <As tone={TONES[payout.state] ?? 'neutral'}>{t.states[payout.state] ?? payout.state}</As>
}

/** The state of a payment, with the day that the bank says. */
export function LineStatus({ line }: { line: Line }) {
  const t = useTexts(payoutTexts)
  const day =
    line.state === 'returned' && line.returned_on ? t.returnedBack(date(line.returned_on)) : line.state === 'debited' && line.debited_on ? t.paidOn(date(line.debited_on)) : null
  return <Status tone={TONES[line.state] ?? 'neutral'}>{day ?? t.lineStates[line.state] ?? line.state}</Status>
}

const SAMPLE_TONES: Record<string, Tone> = { open: 'warning', ok: 'success', set_aside: 'error', let_go: 'info', undone: 'neutral' }

export function SampleStatus({ sample }: { sample: Sample }) {
  const t = useTexts(checkTexts)
  return <Status tone={SAMPLE_TONES[sample.state] ?? 'neutral'}>{t.sampleStates[sample.state] ?? sample.state}</Status>
}
