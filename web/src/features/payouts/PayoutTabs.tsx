import { useQuery } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Tabs } from '@/ui/Tabs'
import { routeQuery } from './calls'
import { ANSWERERS, LOOKERS, READERS } from './roles'
import { payoutTexts } from './texts'

/** The parts of Payouts that this person may see. */
export function PayoutTabs() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const settings = useQuery(routeQuery(city.slug))
  const reads = hasAnyRole(session, city.slug, READERS)
  const looks = hasAnyRole(session, city.slug, LOOKERS)
  const answers = hasAnyRole(session, city.slug, ANSWERERS)
  const tabs = [
    ...(reads ? [{ href: '/vyplaty', label: t.payoutsTab }, { href: '/vyplaty/vypisy', label: t.statementsTab }] : []),
    ...(looks || reads ? [{ href: '/vyplaty/kontrola', label: t.checksTab }] : []),
    ...(answers || reads ? [{ href: '/vyplaty/reklamace', label: t.disputesTab }] : []),
    ...(reads ? [{ href: '/vyplaty/dluhy', label: t.debtsTab }] : []),
    ...(reads && settings.data?.clearing_account ? [{ href: '/vyplaty/ucet', label: t.clearingTab }] : []),
  ]
  return <Tabs label={t.tabs} tabs={tabs} />
}
