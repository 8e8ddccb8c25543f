import { useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { money } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs } from '@/ui/Page'
import { usePayoutActs, type Line, type Row } from './calls'
import { AskReason } from './doing'
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
  const { reject } = usePayoutActs(city.slug)
  const refuse = (line: Line) =>
    line.state === 'in_order' && (
      <AskReason
        label={t.reject}
        title={t.rejectTitle(line.provider_name)}
        effect={t.rejectEffect(money(line.amount_minor, 'always'))}
        act={reason => reject(line.payout, line.provider, reason)}
        done={t.rejectDone}
        danger
      />
    )
  return (
    <Remittance
      id={id}
      provider={provider}
      {...(hasAnyRole(session, city.slug, MOVERS) && { act: refund, actions: refuse })}
      above={heading => <Breadcrumbs crumbs={[{ label: t.payouts, href: '/vyplaty' }, { label: heading.replace(/^\D+/, ''), href: `/vyplaty/${id}` }, { label: t.remittance }]} />}
    />
  )
}
