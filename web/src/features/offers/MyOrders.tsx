import { useQuery } from '@tanstack/react-query'
import bag from '~icon/bag'
import { useCity } from '@/lib/city'
import { date, money } from '@/lib/format'
import { useWhose } from '@/lib/whose'
import { LinkButton } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Breadcrumbs, Page } from '@/ui/Page'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { ordersQuery } from './calls'
import { useOfferTexts } from './desk.texts'
import { OrderTag } from './words'

/** What the person ordered, newest first. */
export default function MyOrders() {
  const t = useOfferTexts()
  const city = useCity()
  const { person, at } = useWhose()
  const orders = useQuery(ordersQuery(city.slug, person))
  const toOffer = <LinkButton look="primary" href={`${at}/nabidka`}>{t.toOffer}</LinkButton>
  return (
    <Page
      heading={t.orders}
      lead={t.ordersLead}
      above={at && <Breadcrumbs crumbs={[{ label: t.toPerson, href: at }, { label: t.orders }]} />}
      actions={(orders.data?.items.length ?? 0) > 0 && toOffer}
    >
      <Loaded query={orders} waiting={<SkeletonCards count={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={bag} title={t.noOrders} action={toOffer}>{t.noOrdersWhy}</EmptyState>
          ) : (
            <CardList label={t.orders}>
              {items.map(order => (
                <ListRow
                  key={order.id}
                  href={`${at}/objednavky/${order.id}`}
                  title={order.title}
                  meta={`${order.beneficiary_name} · ${t.starts(date(order.starts_on))} · ${money(order.credit_minor)}`}
                  aside={<OrderTag state={order.state} />}
                />
              ))}
            </CardList>
          )
        }
      </Loaded>
    </Page>
  )
}
