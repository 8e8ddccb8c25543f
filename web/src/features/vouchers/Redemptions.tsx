import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import ticket from '~icon/ticket-perforated'
import { useCity, useProviderHere } from '@/lib/city'
import { day as today, money, time } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Figures } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Input } from '@/ui/Field'
import { Page } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { dayQuery, takeBack, type ProviderLine } from './calls'
import { tillTexts } from './texts'

/** What the provider's tills redeemed on a day. */
export default function Redemptions() {
  const t = useTexts(tillTexts)
  const city = useCity()
  const provider = useProviderHere()
  const [params, setParams] = useSearchParams()
  const chosen = params.get('den') ?? today()
  const found = useQuery(dayQuery(city.slug, provider.id, chosen))
  const choose = (day: string) => setParams({ den: day || today() }, { replace: true })
  return (
    <Page heading={t.redemptions} lead={t.redemptionsLead}>
      <div className="form"><Input label={t.day} type="date" value={chosen} max={today()} chars={10} onChange={event => choose(event.target.value)} /></div>
      {found.data && <Figures figures={[{ label: t.count, value: found.data.count }, { label: t.total, value: money(found.data.total_minor) }]} />}
      <DataTable
        caption={t.redemptions}
        list={found}
        rowKey={line => line.id}
        columns={useColumns()}
        empty={<EmptyState icon={ticket} title={t.noRedemptions}>{t.noRedemptionsWhy}</EmptyState>}
      />
    </Page>
  )
}

const TONES = { accepted: 'success', undone: 'neutral', disputed: 'warning', paid: 'success' } as const

function useColumns(): Column<ProviderLine>[] {
  const t = useTexts(tillTexts)
  return [
    { key: 'time', head: t.time, cell: line => time(line.at), phone: 'plain' },
    { key: 'programme', head: t.programme, cell: line => <Programme line={line} />, phone: 'title' },
    { key: 'till', head: t.till, cell: line => [line.till_name, line.cashier].filter(Boolean).join(', ') },
    { key: 'receipt', head: t.receipt, cell: line => <span className="nowrap">{line.receipt_number}</span> },
    { key: 'amount', head: t.amount, cell: line => money(line.amount_minor, 'always'), end: true, phone: 'aside' },
    { key: 'state', head: t.state, cell: line => <Status tone={TONES[line.state]}>{t.states[line.state]}</Status> },
    { key: 'action', head: t.action, cell: line => <Undo line={line} />, phone: 'plain' },
  ]
}

function Programme({ line }: { line: ProviderLine }) {
  const name = localised(line.programme_name)
  return <span lang={name.lang}>{name.text}</span>
}

function Undo({ line }: { line: ProviderLine }) {
  const t = useTexts(tillTexts)
  const city = useCity()
  const client = useQueryClient()
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [openedAt] = useState(Date.now)
  const undo = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await takeBack(city.slug, line)
      await client.invalidateQueries({ queryKey: ['redemptions', city.slug] })
      toast(t.takenBack)
    } catch (thrown) {
      setProblem(thrown)
    }
    setBusy(false)
  }
  if (problem !== null) return <ProblemCallout problem={problem} />
  const canUndo = line.state === 'accepted' && Date.parse(line.undo_until) > openedAt
  return canUndo ? <Button size="s" busy={isBusy} onClick={() => void undo()}>{t.takeBack}</Button> : null
}
