import { useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs } from '@/ui/Page'
import type { Line, Row } from './calls'
import { RefundButton } from './RefundButton'
import { Remittance } from './Remittance'
import { MOVERS } from './roles'
import { payoutTexts } from './texts'

const PAID = new Set(['debited', 'settled_inside', 'offset'])
const REFUNDABLE = new Set(['redeem', 'settle'])

/** A provider's remittance as the town's finance sees it. */
export default function TownRemittance() {
  const { id, provider } = useParams<{ id: string; provider: string }>()
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const refund = (row: Row, line: Line) => PAID.has(line.state) && REFUNDABLE.has(row.kind) && <RefundButton row={row} line={line} />
  return (
    <Remittance
      id={id}
      provider={provider}
      {...(hasAnyRole(session, city.slug, MOVERS) && { act: refund })}
      above={heading => <Breadcrumbs crumbs={[{ label: t.payouts, href: '/vyplaty' }, { label: heading.replace(/^\D+/, ''), href: `/vyplaty/${id}` }, { label: t.remittance }]} />}
    />
  )
}
