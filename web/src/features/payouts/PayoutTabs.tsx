import { useTexts } from '@/lib/texts'
import { Tabs } from '@/ui/Tabs'
import { payoutTexts } from './texts'

export function PayoutTabs() {
  const t = useTexts(payoutTexts)
  return <Tabs label={t.tabs} tabs={[{ href: '/vyplaty', label: t.payoutsTab }, { href: '/vyplaty/vypisy', label: t.statementsTab }]} />
}
