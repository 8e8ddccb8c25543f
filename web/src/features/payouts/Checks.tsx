import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import { dateTime, money } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { samplesQuery, usePayoutActs, type Look, type Sample } from './calls'
import { checkTexts } from './checks.texts'
import { AskReason } from './doing'
import { PayoutTabs } from './PayoutTabs'
import { LOOKERS } from './roles'
import { SampleStatus } from './states'
import { payoutTexts } from './texts'

/** The control sample: what waits for a clerk's look, and what was set aside. */
export default function Checks() {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const may = hasAnyRole(session, city.slug, LOOKERS)
  const table = useTable()
  const list = useQuery({ ...samplesQuery(city.slug, table.query), placeholderData: keepPreviousData })
  const columns: Column<Sample>[] = [
    { key: 'provider', head: p.provider, phone: 'title', cell: one => one.provider_name },
    { key: 'when', head: p.when, phone: 'plain', cell: one => <>{dateTime(one.redeemed_at)}<br /><span className="small soft">{t.ofPayout(one.number)}, {t.receipt(one.receipt_number)}</span></> },
    { key: 'state', head: p.state, phone: 'plain', cell: one => <><SampleStatus sample={one} />{one.reason && <p className="small soft">{one.reason}</p>}</> },
    { key: 'sum', head: p.sum, end: true, phone: 'aside', cell: one => <span className="nowrap">{money(one.amount_minor, 'always')}</span> },
    ...(may ? [{ key: 'act', head: p.act, phone: 'plain', cell: one => <Acts sample={one} /> } satisfies Column<Sample>] : []),
  ]
  return (
    <Page heading={p.payouts} lead={t.checksLead}>
      <PayoutTabs />
      <DataTable caption={p.checksTab} table={table} list={list} columns={columns} rowKey={one => `${one.payout}.${one.redemption}`} empty={<EmptyState title={t.nothing}>{t.nothingWhy}</EmptyState>} />
    </Page>
  )
}

/** What a clerk may say of a redemption in its state. */
function Acts({ sample }: { sample: Sample }) {
  const t = useTexts(checkTexts)
  const toast = useToast()
  const { look, setAside } = usePayoutActs(useCity().slug)
  const act = useMutation({
    mutationFn: (name: Look) => look(name, sample),
    onSuccess: (_, name) => toast({ pass: t.passed, 'let-go': t.wentOn, undo: t.undone }[name]),
  })
  const button = (name: Look, label: string) => <Button size="s" busy={act.isPending && act.variables === name} onClick={() => act.mutate(name)}>{label}</Button>
  return (
    <div className="stack gap-2">
      {act.error && <ProblemCallout problem={act.error} />}
      <div className="buttons">
        {sample.state === 'open' ? (
          <>
            {button('pass', t.pass)}
            <AskReason label={t.setAside} size="s" title={t.setAsideTitle(money(sample.amount_minor, 'always'))} effect={t.setAsideEffect} act={reason => setAside(sample, reason)} done={t.isAside} danger />
          </>
        ) : (
          <>
            {button('let-go', t.letGo)}
            {sample.movement === 'redeem' && button('undo', t.undo)}
          </>
        )}
      </div>
    </div>
  )
}
