import { useTexts } from '@/lib/texts'
import { Tabs } from '@/ui/Tabs'
import { adminTexts } from './admin.texts'

export function PeopleTabs() {
  const t = useTexts(adminTexts)
  return <Tabs label={t.tabs} tabs={[{ href: '/lide', label: t.queueTab }, { href: '/lide/dopisy', label: t.lettersTab }, { href: '/lide/hledat', label: t.searchTab }]} />
}
