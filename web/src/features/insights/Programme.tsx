import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { money, number, percent } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Card, Figures as FigureRow } from '@/ui/Card'
import { Chart } from '@/ui/charts/Chart'
import { DataTable, type Column } from '@/ui/DataTable'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { moneyNames } from '@/ui/moneyParts'
import { StateTag } from '@/ui/ProgrammeState'
import { EmptyState, Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { Budget } from './Budget'
import { programmeQuery, slicesQuery, type Dimension, type Figures, type Slice } from './calls'
import { insightTexts } from './texts'

/** One programme in figures: its money, applications, weeks, ages, activities and providers. */
export default function Programme() {
  const { id } = useParams<{ id: string }>()
  const t = useTexts(insightTexts)
  const names = useTexts(moneyNames)
  const city = useCity()
  const query = useQuery(programmeQuery(city.slug, id))
  return (
    <Loaded screen query={query}>
      {one => (
        <Page
          above={<Breadcrumbs crumbs={[{ label: t.exports, href: '/exporty' }, { label: one.name }]} />}
          heading={one.name}
          tag={<StateTag state={one.state} />}
        >
          <Budget title={names.budget} money={one.money} at={one.counted_at} />
          <Applications one={one} />
          <div className="grid grid-2">
            <Sliced id={id} by="week" />
            <Sliced id={id} by="activity" />
            <Sliced id={id} by="age" />
          </div>
          <Providers id={id} />
        </Page>
      )}
    </Loaded>
  )
}

const OPEN = ['submitted', 'verifying', 'in_review'] as const

function Applications({ one: { applications: of } }: { one: Figures }) {
  const t = useTexts(insightTexts)
  const count = (state: string) => of[state] ?? 0
  const all = Object.entries(of).reduce((sum, [state, n]) => (state === 'draft' ? sum : sum + n), 0)
  const decided = count('approved') + count('declined')
  return (
    <FigureRow
      figures={[
        { label: t.applications, value: number(all) },
        { label: t.toDecide, value: number(OPEN.reduce((sum, state) => sum + count(state), 0)) },
        { label: t.approved, value: number(count('approved')), note: decided > 0 ? t.ofDecided(percent(count('approved') / decided)) : undefined },
        { label: t.waiting, value: number(count('waiting')) },
      ]}
    />
  )
}

function Sliced({ id, by }: { id: string; by: Exclude<Dimension, 'provider'> }) {
  const t = useTexts(insightTexts)
  const city = useCity()
  const query = useQuery(slicesQuery(city.slug, id, by))
  const titles = { week: t.weeks, activity: t.activities, age: t.ages }
  if (query.error) return <ProblemCallout problem={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Card level={2} title={titles[by]}><Skeleton lines={6} height={24} /></Card>
  const slices = query.data.items.filter(slice => slice.count > 0)
  if (slices.length === 0) return <Card level={2} title={titles[by]}><p className="soft">{t.noSlices}</p></Card>
  const names: Record<string, (slice: Slice) => string> = {
    week: slice => String(Number(slice.name.slice(-2))),
    activity: slice => t.categories[slice.name] ?? slice.name,
    age: slice => t.years(slice.name),
  }
  const most = slices.reduce((best, slice) => (slice.count > best.count ? slice : best))
  const findings = { week: t.weeksFinding(names.week!(most), t.grants(most.count)), activity: t.activitiesFinding(names.activity!(most)), age: t.agesFinding(most.name) }
  const rowLabels = { week: t.week, activity: t.activity, age: t.age }
  return (
    <Chart
      title={titles[by]}
      finding={findings[by]}
      kind={by === 'week' ? 'columns' : 'bars'}
      rowLabel={rowLabels[by]}
      series={[{ label: by === 'age' ? t.people : t.count }]}
      data={slices.map(slice => ({ label: names[by]!(slice), values: [slice.count] }))}
    />
  )
}

function Providers({ id }: { id: string }) {
  const t = useTexts(insightTexts)
  const names = useTexts(moneyNames)
  const city = useCity()
  const list = useQuery(slicesQuery(city.slug, id, 'provider'))
  const columns: Column<Slice>[] = [
    { key: 'name', head: t.provider, phone: 'title', cell: one => <Link href={`/poskytovatele/${one.name}`}>{one.label || one.name}</Link> },
    { key: 'count', head: t.count, end: true, cell: one => number(one.count) },
    { key: 'spent', head: t.spent, end: true, phone: 'aside', cell: one => <span className="nowrap">{money(one.amount_minor, 'always')}</span> },
    { key: 'toPay', head: names.to_pay, end: true, cell: one => <span className="nowrap">{money(one.to_pay_minor, 'always')}</span> },
  ]
  return (
    <Section title={t.providers}>
      <DataTable caption={t.providers} list={list} columns={columns} rowKey={one => one.name} empty={<EmptyState title={t.noProviders}>{t.noProvidersWhy}</EmptyState>} />
    </Section>
  )
}
