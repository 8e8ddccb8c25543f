import { useParams } from 'wouter'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs } from '@/ui/Page'
import { Remittance } from './Remittance'
import { payoutTexts } from './texts'

/** A provider's remittance as the town's finance sees it. */
export default function TownRemittance() {
  const { id, provider } = useParams<{ id: string; provider: string }>()
  const t = useTexts(payoutTexts)
  return (
    <Remittance
      id={id}
      provider={provider}
      above={heading => <Breadcrumbs crumbs={[{ label: t.payouts, href: '/vyplaty' }, { label: heading.replace(/^\D+/, ''), href: `/vyplaty/${id}` }, { label: t.remittance }]} />}
    />
  )
}
