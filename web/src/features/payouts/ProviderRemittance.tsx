import { useParams } from 'wouter'
import { useProviderHere } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs } from '@/ui/Page'
import { Remittance } from './Remittance'
import { payoutTexts } from './texts'

/** The provider's own remittance. */
export default function ProviderRemittance() {
  const { id } = useParams<{ id: string }>()
  const t = useTexts(payoutTexts)
  const { id: provider } = useProviderHere()
  return <Remittance id={id} provider={provider} above={() => <Breadcrumbs crumbs={[{ label: t.payouts, href: '/vyplaty' }, { label: t.remittance }]} />} />
}
