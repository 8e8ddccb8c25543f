import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import bag from '~icon/bag'
import { useCity, useProviderHere } from '@/lib/city'
import { age, ageOn, date, deadline, money } from '@/lib/format'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { OperationNotice } from '@/ui/OperationNotice'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { useToast } from '@/ui/Toast'
import { EmptyState } from '@/ui/Waiting'
import { useConfirm } from './answering'
import { providerOrdersQuery, type Order, type OrderState } from './calls'
import { providerTexts } from './provider.texts'
import { OrderTag } from './words'

const ALL = 'all'

/** The provider's orders; those that wait for an answer first. */
export default function ProviderOrders() {
  const t = useTexts(providerTexts)
  const city = useCity()
  const provider = useProviderHere()
  const table = useTable<'state'>({ filters: ['state'] })
  const view = table.filters.state ?? 'requested'
  const { cursor, limit } = table.query
  const orders = useQuery(
    providerOrdersQuery(city.slug, provider.id, { limit, ...(cursor && { cursor }), ...(view !== ALL && { state: view as OrderState }) }),
  )
  const waits = view === 'requested'
  return (
    <Page heading={t.orders} lead={t.ordersLead}>
      <Tabs
        label={t.views}
        tabs={[
          { href: '/objednavky', label: t.toConfirm },
          { href: '/objednavky?state=confirmed', label: t.confirmed },
          { href: `/objednavky?state=${ALL}`, label: t.all },
        ]}
      />
      <DataTable
        caption={t.orders}
        table={{ ...table, isFiltered: false }}
        list={orders}
        rowKey={order => order.id}
        columns={useColumns(waits)}
        empty={
          <EmptyState icon={bag} title={waits ? t.noneToConfirm : t.noOrders} action={<LinkButton href="/nabidka">{t.toOffer}</LinkButton>}>
            {waits ? t.noneToConfirmWhy : t.noOrdersWhy}
          </EmptyState>
        }
      />
    </Page>
  )
}

function useColumns(waits: boolean): Column<Order>[] {
  const t = useTexts(providerTexts)
  return [
    {
      key: 'person',
      head: t.person,
      phone: 'title',
      cell: order => (
        <>
          <Link href={`/objednavky/${order.id}`} className="strong">{order.beneficiary_name}</Link>
          {order.beneficiary_birth_date && <div className="small soft">{age(ageOn(order.beneficiary_birth_date, order.starts_on))}</div>}
        </>
      ),
    },
    { key: 'activity', head: t.activity, cell: order => order.title },
    { key: 'starts', head: t.starts, cell: order => <span className="nowrap">{date(order.starts_on)}</span> },
    { key: 'credit', head: t.credit, end: true, phone: 'aside', cell: order => money(order.credit_minor, 'always') },
    { key: 'rest', head: t.rest, end: true, cell: order => money(order.co_payment_minor, 'always') },
    waits
      ? { key: 'by', head: t.answerBy, cell: order => deadline(order.confirm_by) }
      : { key: 'state', head: t.state, phone: 'plain', cell: order => <OrderTag state={order.state} /> },
    ...(waits ? [{ key: 'do', head: t.decision, phone: 'plain' as const, cell: (order: Order) => <ConfirmHere order={order} /> }] : []),
  ]
}

/** The usual answer takes one press; a rejection needs the order opened. */
export function ConfirmHere({ order }: { order: Order }) {
  const t = useTexts(providerTexts)
  const toast = useToast()
  const confirm = useConfirm(order)
  const run = async () => {
    if (await confirm.send(null)) toast(t.confirmedToast(order.beneficiary_name))
  }
  return (
    <div className="stack gap-2">
      <Button look="secondary" size="s" busy={confirm.isBusy} onClick={() => void run()} aria-label={`${t.confirm}: ${order.beneficiary_name}`}>{t.confirm}</Button>
      <OperationNotice operation={confirm} />
    </div>
  )
}
