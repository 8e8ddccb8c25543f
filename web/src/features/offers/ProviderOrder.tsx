import './offers.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { age, ageOn, date, dateTime, day, deadline, money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { DecisionPanel } from '@/ui/DecisionPanel'
import { OperationNotice } from '@/ui/OperationNotice'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { useAttendance, useCancel, useConfirm, useReject } from './answering'
import { orderQuery, type Order } from './calls'
import { providerTexts } from './provider.texts'
import { ReasonDialog } from './ReasonDialog'
import { OrderTag } from './words'

/** One order for the provider: who, when, how much, and the answer. */
export default function ProviderOrder() {
  const city = useCity()
  const { id } = useParams<{ id: string }>()
  const order = useQuery(orderQuery(city.slug, id!))
  return <Loaded screen query={order}>{data => <OrderScreen order={data} />}</Loaded>
}

function OrderScreen({ order }: { order: Order }) {
  const t = useTexts(providerTexts)
  const years = order.beneficiary_birth_date ? `, ${age(ageOn(order.beneficiary_birth_date, order.starts_on))}` : ''
  return (
    <Page
      heading={`${order.beneficiary_name}${years}`}
      tag={<OrderTag state={order.state} />}
      lead={`${order.title} · ${t.starts.toLowerCase()} ${date(order.starts_on)}`}
      above={<Breadcrumbs crumbs={[{ label: t.orders, href: '/objednavky' }, { label: order.beneficiary_name }]} />}
    >
      <div className="with-aside">
        <div className="stack">
          {order.reason && <Callout tone="neutral" title={t.reason}>{order.reason}</Callout>}
          <Card title={t.contact} level={2}>
            <Facts
              facts={[
                { label: t.orderedBy, value: order.contact_name },
                ...(order.contact_email ? [{ label: t.email, value: <a href={`mailto:${order.contact_email}`}>{order.contact_email}</a> }] : []),
                ...(order.contact_phone ? [{ label: t.phone, value: <a href={`tel:${order.contact_phone.replaceAll(' ', '')}`}>{order.contact_phone}</a> }] : []),
                ...(order.beneficiary_birth_date ? [{ label: t.birth, value: date(order.beneficiary_birth_date) }] : []),
                { label: t.requestedAt, value: dateTime(order.requested_at) },
              ]}
            />
          </Card>
          <Card title={t.payment} level={2}>
            <Facts
              money
              facts={[
                { label: t.price, value: money(order.price_minor, 'always') },
                { label: t.credit, value: money(order.credit_minor, 'always') },
                { label: t.rest, value: money(order.co_payment_minor, 'always') },
                { label: t.money, value: t.where[order.money] },
              ]}
            />
          </Card>
        </div>
        <Answer order={order} />
      </div>
    </Page>
  )
}

function Answer({ order }: { order: Order }) {
  const t = useTexts(providerTexts)
  if (order.state === 'requested') return <DecisionPanel title={t.decision} trigger={t.decide}><Decide order={order} /></DecisionPanel>
  if (order.state !== 'confirmed') return null
  return day() >= order.starts_on ? <Attendance order={order} /> : <CancelConfirmed order={order} />
}

function Decide({ order }: { order: Order }) {
  const t = useTexts(providerTexts)
  const toast = useToast()
  const confirm = useConfirm(order)
  const reject = useReject(order)
  const [rejecting, setRejecting] = useState(false)
  const accept = async () => {
    if (await confirm.send(null)) toast(t.confirmedToast(order.beneficiary_name))
  }
  const refuse = async (reason: string) => {
    if (!(await reject.send(reason))) return
    setRejecting(false)
    toast(t.rejectedToast)
  }
  return (
    <div className="stack">
      <p>{t.answerBy} <strong>{deadline(order.confirm_by)}</strong></p>
      <Button look="primary" size="l" wide busy={confirm.isBusy} onClick={() => void accept()}>{t.confirmOrder}</Button>
      <OperationNotice operation={confirm} />
      <p className="small soft">{t.effect[order.payable_on === 'start' && order.starts_on <= day() ? 'begun' : order.payable_on](money(order.credit_minor))}</p>
      <Button look="danger-quiet" wide onClick={() => setRejecting(true)}>{t.reject}</Button>
      <ReasonDialog
        open={rejecting}
        onClose={() => setRejecting(false)}
        title={t.rejectOrder}
        effect={t.rejectEffect(money(order.credit_minor))}
        verb={t.rejectOrder}
        send={refuse}
        busy={reject.isBusy}
        notice={<OperationNotice operation={reject} />}
      />
    </div>
  )
}

function CancelConfirmed({ order }: { order: Order }) {
  const t = useTexts(providerTexts)
  const toast = useToast()
  const cancel = useCancel(order)
  const [open, setOpen] = useState(false)
  const send = async (reason: string) => {
    if (!(await cancel.send(reason))) return
    setOpen(false)
    toast(t.cancelledToast)
  }
  return (
    <aside>
      <Button look="danger-quiet" onClick={() => setOpen(true)}>{t.cancel}</Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t.cancelTitle}
        effect={t.cancelEffect(money(order.credit_minor))}
        verb={t.cancel}
        send={send}
        busy={cancel.isBusy}
        notice={<OperationNotice operation={cancel} />}
      />
    </aside>
  )
}

function Attendance({ order }: { order: Order }) {
  const t = useTexts(providerTexts)
  const toast = useToast()
  const attendance = useAttendance(order)
  const note = async (attended: boolean) => {
    if (await attendance.send(attended)) toast(t.attendanceToast)
  }
  return (
    <DecisionPanel title={t.attendance} trigger={t.attendance}>
      <div className="stack">
        <p className="soft">{order.payable_on === 'attendance' ? t.attendanceWhy.attendance : t.attendanceWhy.other}</p>
        <Button look="primary" wide busy={attendance.isBusy} onClick={() => void note(true)}>{t.came}</Button>
        <Button look="neutral" wide busy={attendance.isBusy} onClick={() => void note(false)}>{t.cameNot}</Button>
        <OperationNotice operation={attendance} />
      </div>
    </DecisionPanel>
  )
}
