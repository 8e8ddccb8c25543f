import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { useCity } from '@/lib/city'
import { date, dateTime, money } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { Page, Section } from '@/ui/Page'
import { Status, type Tone } from '@/ui/Tag'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { debtsQuery, refundsQuery, usePayoutActs, writeOffsQuery, type Debt, type Owed, type Refund, type WriteOff } from './calls'
import { checkTexts } from './checks.texts'
import { AskReason } from './doing'
import { PayoutTabs } from './PayoutTabs'
import { FINANCE } from './roles'
import { payoutTexts } from './texts'

const WRITE_OFF_TONES: Record<string, Tone> = { proposed: 'warning', approved: 'neutral', declined: 'neutral' }

/** What providers owe for refunds, what was written off, and the refunds that finance made. */
export default function Debts() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  return (
    <Page heading={p.payouts} lead={t.debtsLead}>
      <PayoutTabs />
      <Owing />
      <WriteOffs />
      <Refunds />
    </Page>
  )
}

interface OwedRow extends Owed {
  debt: Debt
  isFirst: boolean
}

function Owing() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const may = hasAnyRole(session, city.slug, FINANCE)
  const debts = useQuery(debtsQuery(city.slug))
  const offs = useQuery(writeOffsQuery(city.slug))
  const proposed = new Set(offs.data?.items.filter(one => one.state === 'proposed').map(one => one.refund))
  const { proposeWriteOff } = usePayoutActs(city.slug)
  const rows = debts.data?.items.flatMap(debt => debt.refunds.map((owed, i): OwedRow => ({ ...owed, debt, isFirst: i === 0 })))
  const columns: Column<OwedRow>[] = [
    { key: 'provider', head: p.provider, phone: 'title', cell: row => <Link href={`/poskytovatele/${row.debt.provider}`}>{row.debt.provider_name}</Link> },
    { key: 'at', head: t.refund, phone: 'plain', cell: row => <>{date(row.at)}<br /><span className="small soft">{t.receipt(row.receipt_number)}</span></> },
    { key: 'gets', head: t.gets, end: true, cell: row => (row.isFirst ? <span className="nowrap">{money(row.debt.owed_minor, 'always')}</span> : '') },
    { key: 'net', head: t.net, end: true, cell: row => (row.isFirst ? <span className="nowrap">{money(row.debt.net_minor, 'always')}</span> : '') },
    { key: 'owes', head: t.owes, end: true, phone: 'aside', cell: row => <span className="nowrap">{money(row.amount_minor, 'always')}</span> },
    ...(may
      ? [
          {
            key: 'act',
            head: p.act,
            phone: 'plain',
            cell: row =>
              proposed.has(row.refund) ? (
                <span className="small soft">{t.proposed}</span>
              ) : (
                <AskReason
                  label={t.writeOff}
                  size="s"
                  title={t.writeOffTitle(row.debt.provider_name, money(row.amount_minor, 'always'))}
                  effect={t.writeOffEffect}
                  act={note => proposeWriteOff(row, note)}
                  done={t.proposed}
                />
              ),
          } satisfies Column<OwedRow>,
        ]
      : []),
  ]
  const list = { data: rows && { items: rows }, error: debts.error, refetch: debts.refetch }
  return (
    <Section title={t.debts}>
      <DataTable caption={t.debts} list={list} columns={columns} rowKey={row => row.refund} empty={<EmptyState title={t.debtsEmpty}>{t.debtsEmptyWhy}</EmptyState>} />
    </Section>
  )
}

function WriteOffs() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const may = hasAnyRole(session, city.slug, FINANCE)
  const list = useQuery(writeOffsQuery(city.slug))
  if (list.data?.items.length === 0) return null
  const columns: Column<WriteOff>[] = [
    { key: 'provider', head: p.provider, phone: 'title', cell: one => one.provider_name },
    { key: 'note', head: t.note, phone: 'plain', cell: one => <>{one.note}<br /><span className="small soft">{dateTime(one.proposed_at)}</span></> },
    { key: 'state', head: p.state, phone: 'plain', cell: one => <Status tone={WRITE_OFF_TONES[one.state] ?? 'neutral'}>{t.writeOffStates[one.state]}</Status> },
    { key: 'sum', head: p.sum, end: true, phone: 'aside', cell: one => <span className="nowrap">{money(one.amount_minor, 'always')}</span> },
    ...(may
      ? [
          {
            key: 'act',
            head: p.act,
            phone: 'plain',
            cell: one => one.state === 'proposed' && (one.proposed_by === session?.person.id ? <span className="small soft">{t.yours}</span> : <Decide writeOff={one} />),
          } satisfies Column<WriteOff>,
        ]
      : []),
  ]
  return (
    <Section title={t.writeOffs}>
      <DataTable caption={t.writeOffs} list={list} columns={columns} rowKey={one => one.refund} empty={null} />
    </Section>
  )
}

function Decide({ writeOff }: { writeOff: WriteOff }) {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const acts = usePayoutActs(useCity().slug)
  const [asked, ask] = useState(false)
  const approve = useMutation({ mutationFn: () => acts.approveWriteOff(writeOff.refund), onSettled: () => ask(false) })
  const decline = useMutation({ mutationFn: () => acts.declineWriteOff(writeOff.refund) })
  const problem = approve.error ?? decline.error
  return (
    <div className="stack gap-2">
      {problem && <ProblemCallout problem={problem} />}
      <div className="buttons">
        <Button size="s" busy={approve.isPending} onClick={() => ask(true)}>{t.approve}</Button>
        <Button size="s" look="neutral" busy={decline.isPending} onClick={() => decline.mutate()}>{t.turnDown}</Button>
      </div>
      <Dialog
        open={asked}
        onClose={() => ask(false)}
        title={t.approveTitle(money(writeOff.amount_minor, 'always'))}
        actions={
          <>
            <Button autoFocus look="neutral" onClick={() => ask(false)}>{p.keep}</Button>
            <Button look="danger" busy={approve.isPending} onClick={() => approve.mutate()}>{t.approve}</Button>
          </>
        }
      >
        {t.approveEffect}
      </Dialog>
    </div>
  )
}

function Refunds() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const list = useQuery(refundsQuery(useCity().slug))
  if (list.data?.items.length === 0) return null
  const columns: Column<Refund>[] = [
    { key: 'provider', head: p.provider, phone: 'title', cell: one => one.provider_name },
    { key: 'why', head: t.refundWhy, phone: 'plain', cell: one => <>{t.refundReasons[one.reason]}<br /><span className="small soft">{one.note}</span></> },
    { key: 'at', head: p.when, cell: one => dateTime(one.at) },
    { key: 'sum', head: p.sum, end: true, phone: 'aside', cell: one => <span className="nowrap">{money(one.amount_minor, 'always')}</span> },
  ]
  return (
    <Section title={t.refunds}>
      <DataTable caption={t.refunds} list={list} columns={columns} rowKey={one => one.redemption} empty={null} />
    </Section>
  )
}
