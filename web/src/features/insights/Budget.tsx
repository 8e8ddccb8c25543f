import { dateTime } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Card } from '@/ui/Card'
import { MoneyBar } from '@/ui/MoneyBar'
import type { Money } from './calls'
import { insightTexts } from './texts'

/** A budget as a bar whose parts add up to it. */
export function Budget({ title, money, at }: { title: string; money: Money; at?: string | null }) {
  const t = useTexts(insightTexts)
  return (
    <Card>
      <MoneyBar
        title={title}
        aside={at === undefined ? undefined : at ? t.asOf(dateTime(at)) : t.notYet}
        parts={[
          { tone: 'paid', label: t.paid, minor: money.paid_minor },
          { tone: 'spent', label: t.toPay, minor: money.to_pay_minor },
          { tone: 'held', label: t.held, minor: money.held_minor },
          { tone: 'allotted', label: t.unspent, minor: money.unspent_minor },
          { tone: 'free', label: t.free, minor: money.free_minor },
          // A debt of a provider that was given up: with it the parts are the budget again.
          ...(money.written_off_minor === 0 ? [] : [{ tone: 'written-off' as const, label: t.writtenOff, minor: -money.written_off_minor }]),
        ]}
      />
    </Card>
  )
}
