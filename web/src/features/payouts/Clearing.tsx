import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { api } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, day, money, moneyChange } from '@/lib/format'
import { existingDay, typedMoney, useForm } from '@/lib/form'
import { useOperation } from '@/lib/operation'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card, Figures } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { DateInput, MoneyInput, Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { OperationNotice } from '@/ui/OperationNotice'
import { Page, Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { SheetButtons, useSheet } from '@/ui/SaveSheet'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { clearingQuery, usePayoutActs, type Entry, type NewAdvance } from './calls'
import { checkTexts } from './checks.texts'
import { PayoutTabs } from './PayoutTabs'
import { MOVERS } from './roles'
import { payoutTexts } from './texts'

const YEARS_SHOWN = 5

/** The operator's statement to the town: advances, payments and what is left. */
export default function Clearing() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const now = Number(day().slice(0, 4))
  const [year, setYear] = useState(now)
  const statement = useQuery(clearingQuery(city.slug, year))
  const sheet = useSheet(as => api.GET('/v1/cities/{city}/clearing/sheet', { params: { path: { city: city.slug }, query: { year } }, ...as }))
  const years = Array.from({ length: YEARS_SHOWN }, (_, back) => String(now - back))
  const columns: Column<Entry>[] = [
    { key: 'day', head: t.day, phone: 'title', cell: one => date(one.day) },
    { key: 'kind', head: t.kind, phone: 'plain', cell: one => <>{t.kinds[one.kind]}{one.kind === 'advance' && one.confirmed && <><br /><span className="small soft">{t.confirmed}</span></>}</> },
    { key: 'provider', head: p.provider, phone: 'plain', cell: one => (one.provider_name ? <>{one.provider_name}<br /><span className="small soft">{t.ofPayout(one.number)}</span></> : '') },
    { key: 'sum', head: p.sum, end: true, phone: 'aside', cell: one => <span className="nowrap">{moneyChange(one.effect_minor)}</span> },
    { key: 'balance', head: t.balance, end: true, cell: one => <span className="nowrap">{money(one.balance_minor, 'always')}</span> },
  ]
  return (
    <Page heading={p.payouts} lead={t.clearingLead} actions={<SheetButtons sheet={sheet} />}>
      <PayoutTabs />
      {sheet.error && <ProblemCallout problem={sheet.error} />}
      <Select label={t.year} value={String(year)} onChange={event => setYear(Number(event.target.value))} options={years.map(value => ({ value, label: value }))} />
      {statement.data && (
        <Figures
          figures={[
            { label: t.opening, value: <span className="nowrap">{money(statement.data.opening_minor)}</span> },
            { label: t.closing, value: <span className="nowrap">{money(statement.data.closing_minor)}</span> },
          ]}
        />
      )}
      <Section title={t.entries(year)}>
        <DataTable caption={t.entries(year)} list={statement} columns={columns} rowKey={one => one.id} empty={<EmptyState title={t.entriesEmpty}>{t.entriesEmptyWhy}</EmptyState>} />
      </Section>
      {hasAnyRole(session, city.slug, MOVERS) && <NewAdvanceCard />}
    </Page>
  )
}

function NewAdvanceCard() {
  const t = useTexts(checkTexts)
  const toast = useToast()
  const acts = usePayoutActs(useCity().slug)
  const operation = useOperation('advance', (body: NewAdvance, header) => acts.advance(body, header))
  const schema = useMemo(() => v.object({ amount_minor: typedMoney(t.amountWrong), day: existingDay(t.dayWrong) }), [t])
  const form = useForm({
    schema,
    defaults: { amount_minor: '', day: day() },
    send: async body => {
      const end = await operation.run(body)
      if (end.phase !== 'done') return
      toast(t.advanceDone)
      operation.reset()
      form.hook.reset()
    },
  })
  return (
    <Card level={2} title={t.newAdvance}>
      <p className="small soft">{t.advanceHint}</p>
      <Form form={form}>
        <MoneyInput label={t.amount} {...form.field('amount_minor')} />
        <DateInput label={t.sentOn} {...form.field('day')} />
        <OperationNotice operation={operation} />
        <div className="buttons"><Button submit busy={form.isBusy || operation.isBusy}>{t.newAdvance}</Button></div>
      </Form>
    </Card>
  )
}
