import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { money } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { CardList, ListRow } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page, Section } from '@/ui/Page'
import { minorOf, moneyNames } from '@/ui/moneyParts'
import { StateTag } from '@/ui/ProgrammeState'
import { SheetButtons, useSheet } from '@/ui/SaveSheet'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { Budget } from './Budget'
import { overviewQuery, type Figures } from './calls'
import { insightTexts } from './texts'

/** The town's money in all programmes, live. */
export default function Overview() {
  const t = useTexts(insightTexts)
  const names = useTexts(moneyNames)
  const city = useCity()
  const { session } = useSession()
  const overview = useQuery(overviewQuery(city.slug))
  const sheet = useSheet(as => api.GET('/v1/cities/{city}/figures/sheet', { params: { path: { city: city.slug } }, ...as }))
  const together = overview.data?.together
  const seesCharges = hasAnyRole(session, city.slug, ['admin', 'budget_officer', 'chief_accountant', 'auditor'])
  const sum = (minor: number) => <span className="nowrap">{money(minor, 'always')}</span>
  const columns: Column<Figures>[] = [
    { key: 'name', head: t.programme, phone: 'title', cell: one => <Link href={`/exporty/program/${one.programme}`}>{one.name}</Link> },
    { key: 'state', head: t.state, phone: 'plain', cell: one => <StateTag plain state={one.state} /> },
    ...(['budget', 'paid', 'liability', 'contingent_liability', 'free', ...(together?.written_off_minor ? ['written_off' as const] : [])] as const).map(
      (name): Column<Figures> => ({ key: name, head: names[name], end: true, cell: one => sum(minorOf(one.money, name)) }),
    ),
  ]
  return (
    <Page heading={t.exports} lead={t.lead} actions={<SheetButtons sheet={sheet} />}>
      {sheet.error && <ProblemCallout problem={sheet.error} />}
      <Loaded query={overview}>{({ together }) => <Budget title={t.all} money={together} />}</Loaded>
      <Section title={t.programmes}>
        <DataTable caption={t.programmes} list={overview} columns={columns} rowKey={one => one.programme} empty={<EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>} />
      </Section>
      {seesCharges && <CardList><ListRow href="/exporty/predpisy" title={t.charges} meta={t.chargesWhat} /></CardList>}
    </Page>
  )
}
