import './offers.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import bag from '~icon/bag'
import check from '~icon/check-lg'
import flag from '~icon/flag'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, dateTime, day, money } from '@/lib/format'
import { useOperation } from '@/lib/operation'
import { useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { OperationNotice } from '@/ui/OperationNotice'
import { Breadcrumbs, Page } from '@/ui/Page'
import { Timeline } from '@/ui/Timeline'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { orderQuery, ordersKey, type Order } from './calls'
import { wordTexts } from './texts'
import { useOfferTexts } from './desk.texts'
import { OrderTag, sentenceFacts } from './words'

/** One order: its state in a sentence, the split of the price, what happened, and the way back. */
export default function MyOrder() {
  const city = useCity()
  const { id } = useParams<{ id: string }>()
  const order = useQuery(orderQuery(city.slug, id!))
  return <Loaded screen query={order}>{data => <OrderScreen order={data} />}</Loaded>
}

function OrderScreen({ order }: { order: Order }) {
  const t = useOfferTexts()
  const { at } = useWhose()
  return (
    <Page
      heading={order.title}
      tag={<OrderTag state={order.state} />}
      lead={t.sentences[order.state](sentenceFacts(order))}
      above={<Breadcrumbs crumbs={[{ label: t.orders, href: `${at}/objednavky` }, { label: order.title }]} />}
      actions={mayCancel(order) && <Cancel order={order} />}
    >
      {order.reason && <Callout tone="neutral" title={t.reason}>{order.reason}</Callout>}
      <div className="grid grid-2">
        <Card title={t.order} level={2}>
          <Facts
            facts={[
              { label: t.person, value: order.beneficiary_name },
              { label: t.provider, value: order.provider_name },
              { label: t.start, value: date(order.starts_on) },
            ]}
          />
        </Card>
        <Card title={t.payment} level={2}>
          <Facts
            money
            facts={[
              { label: t.priceRow, value: money(order.price_minor, 'always') },
              { label: t.creditRow, value: money(order.credit_minor, 'always') },
              { label: t.rest, value: money(order.co_payment_minor, 'always') },
              { label: t.moneyState, value: t.where[order.money] },
            ]}
          />
        </Card>
      </div>
      <Card title={t.course} level={2}><History order={order} /></Card>
    </Page>
  )
}

const mayCancel = (order: Order) =>
  order.state === 'requested' || (order.state === 'confirmed' && order.money === 'held' && day() < order.starts_on)

function History({ order }: { order: Order }) {
  const t = useOfferTexts()
  const words = useTexts(wordTexts)
  return (
    <Timeline
      items={[
        ...(order.ended_at ? [{ icon: flag, title: words.states[order.state], meta: `${t.endedAt} ${dateTime(order.ended_at)}` }] : []),
        ...(order.decided_at ? [{ icon: check, title: t.decidedAt, meta: dateTime(order.decided_at) }] : []),
        { icon: bag, title: order.at_desk ? t.requestedAtDesk : t.requestedAt, meta: dateTime(order.requested_at) },
      ]}
    />
  )
}

function Cancel({ order }: { order: Order }) {
  const t = useOfferTexts()
  const city = useCity()
  const client = useQueryClient()
  const toast = useToast()
  const [open, setOpen] = useState(false)
  const cancel = useOperation(`cancel:${order.id}`, (body: { reason: string }, header) =>
    ask(api.POST('/v1/cities/{city}/orders/{id}/cancellation', { params: { path: { city: city.slug, id: order.id }, header }, body })),
  )
  const send = async () => {
    const outcome = await cancel.run({ reason: '' })
    await client.invalidateQueries({ queryKey: ordersKey(city.slug) })
    if (outcome.phase !== 'done') return
    setOpen(false)
    toast(t.cancelled)
  }
  return (
    <>
      <Button look="neutral" onClick={() => setOpen(true)}>{t.cancel}</Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t.cancelTitle}
        actions={
          <>
            <Button look="neutral" autoFocus onClick={() => setOpen(false)}>{t.keep}</Button>
            <Button look="danger" busy={cancel.isBusy} onClick={() => void send()}>{t.cancel}</Button>
          </>
        }
      >
        <p>{t.cancelEffect(money(order.credit_minor))}</p>
        <OperationNotice operation={cancel} />
      </Dialog>
    </>
  )
}
