import { dateTime } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Card } from '@/ui/Card'
import { MoneyBar } from '@/ui/MoneyBar'
import { moneyNames, moneyParts, type Money } from '@/ui/moneyParts'
import { insightTexts } from './texts'

/** A budget as a bar whose parts add up to it. */
export function Budget({ title, money, at }: { title: string; money: Money; at?: string | null }) {
  const t = useTexts(insightTexts)
  return (
    <Card>
      <MoneyBar
        title={title}
        aside={at === undefined ? undefined : at ? t.asOf(dateTime(at)) : t.notYet}
        parts={moneyParts(useTexts(moneyNames), money)}
      />
    </Card>
  )
}
