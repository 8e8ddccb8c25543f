import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import cash from '~icon/cash-stack'
import clock from '~icon/clock-history'
import inbox from '~icon/inbox'
import pen from '~icon/pen'
import person from '~icon/person'
import reply from '~icon/reply'
import shield from '~icon/person-check'
import shop from '~icon/shop'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, day } from '@/lib/format'
import { rolesIn, useSession, type Role } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Card, CardList, TaskRow } from '@/ui/Card'
import { MoneyLeft } from '@/ui/MoneyBar'
import { Page, Section } from '@/ui/Page'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { countsQuery, programmesQuery, type Programme } from './calls'
import { Own } from './parts'
import { reviewTexts } from './review.texts'

const RUNNING = ['open', 'exhausted', 'spending_only', 'paused']
const COUNTED_MAX = 100

/** What waits today for the people of the town hall, by their roles, and how the running programmes stand. */
export default function TownOverview() {
  const t = useTexts(reviewTexts)
  return (
    <Page heading={t.overview} lead={t.todayLead(date(day()))}>
      <div className="sections">
        <Section title={t.queues}><Queues /></Section>
        <Running />
      </div>
    </Page>
  )
}

interface QueueLine {
  icon: string
  label: string
  count: number | undefined
  more?: boolean
  href: string
  urgent?: boolean
}

/** One's own queues: those that one's roles may open. */
function useQueues(): QueueLine[] {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const { session } = useSession()
  const has = (...roles: Role[]) => roles.some(role => rolesIn(session, city.slug).includes(role))
  const path = { city: city.slug }
  const clerk = has('clerk', 'programme_owner')
  const verifier = has('clerk', 'assistant')
  const provides = has('admin', 'programme_owner')
  const signs = has('authorising_officer', 'budget_officer')
  const finance = has('authorising_officer', 'budget_officer', 'chief_accountant')
  const counts = useQuery({ ...countsQuery(city.slug), enabled: clerk })
  const verification = useQuery({
    queryKey: ['verification-queue', city.slug, { limit: COUNTED_MAX }],
    queryFn: () => ask(api.GET('/v1/cities/{city}/verification-queue', { params: { path, query: { limit: COUNTED_MAX } } })),
    enabled: verifier,
  })
  const providers = useQuery({
    queryKey: ['providers', city.slug, { to_do: true }],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers', { params: { path, query: { to_do: true, limit: COUNTED_MAX } } })),
    enabled: provides,
  })
  const budgets = useQuery({
    queryKey: ['unsigned-budgets', city.slug],
    queryFn: () => ask(api.GET('/v1/cities/{city}/unsigned-budgets', { params: { path } })),
    enabled: signs || provides,
  })
  const payouts = useQuery({
    queryKey: ['payouts', city.slug, 'overview'],
    queryFn: () => ask(api.GET('/v1/cities/{city}/payouts', { params: { path, query: { limit: 25 } } })),
    enabled: finance,
  })
  const running = payouts.data?.items.filter(payout => !['settled', 'cancelled'].includes(payout.state)).length
  return [
    ...(clerk
      ? [
          { icon: inbox, label: t.queue.toDecide, count: counts.data?.to_decide, href: '/zadosti' },
          { icon: clock, label: t.queue.overdue, count: counts.data?.overdue, href: '/zadosti?view=overdue', urgent: true },
          { icon: person, label: t.queue.mine, count: counts.data?.mine, href: '/zadosti?view=mine' },
          { icon: reply, label: t.queue.citizen, count: counts.data?.waiting_for_citizen, href: '/zadosti?view=waiting_for_citizen' },
        ]
      : []),
    ...(verifier ? [{ icon: shield, label: t.queue.verification, count: verification.data?.items.length, more: Boolean(verification.data?.next), href: '/lide' }] : []),
    ...(provides ? [{ icon: shop, label: t.queue.providers, count: providers.data?.items.length, more: Boolean(providers.data?.next), href: '/poskytovatele' }] : []),
    ...(signs || provides ? [{ icon: pen, label: t.queue.budgets, count: budgets.data?.items.length, href: budgets.data?.items[0] ? `/programy/${budgets.data.items[0].programme}` : '/programy' }] : []),
    ...(finance ? [{ icon: cash, label: t.queue.payouts, count: running, href: '/vyplaty' }] : []),
  ]
}

function Queues() {
  const t = useTexts(reviewTexts)
  const lines = useQueues()
  const firstWaiting = lines.find(line => line.count)
  return (
    <CardList label={t.queues}>
      {lines.map(line => (
        <TaskRow
          key={line.label}
          icon={line.icon}
          tone={line.urgent && line.count ? 'warning' : 'neutral'}
          title={line.label}
          meta={line.count === undefined ? '…' : line.count === 0 ? t.nothing : <span className="strong">{line.count}{line.more && '+'}</span>}
          action={<LinkButton look={line === firstWaiting ? 'primary' : line.count ? 'secondary' : 'quiet'} href={line.href}>{t.open}</LinkButton>}
        />
      ))}
    </CardList>
  )
}

function Running() {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const programmes = useQuery(programmesQuery(city.slug))
  return (
    <Section title={t.running} aside={<Link href="/programy">{t.runningAll}</Link>}>
      <Loaded query={programmes} waiting={<SkeletonCards />}>
        {({ items }) => {
          const running = items.filter(programme => RUNNING.includes(programme.state))
          if (running.length === 0) return <EmptyState title={t.noProgrammes}>{t.noProgrammesWhy}</EmptyState>
          return <div className="grid grid-3">{running.map(programme => <RunningCard key={programme.id} programme={programme} />)}</div>
        }}
      </Loaded>
    </Section>
  )
}

function RunningCard({ programme }: { programme: Programme }) {
  const t = useTexts(reviewTexts)
  return (
    <Card title={<Link href={`/programy/${programme.id}`}><Own of={programme.rules.name} /></Link>}>
      <MoneyLeft left={programme.free_minor} of={programme.total_minor} ofWord={t.freeOf} />
    </Card>
  )
}
