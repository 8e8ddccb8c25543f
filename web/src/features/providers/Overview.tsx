import { useQuery } from '@tanstack/react-query'
import bag from '~icon/bag'
import bank from '~icon/bank'
import check from '~icon/check2-circle'
import collection from '~icon/collection'
import { useCity, useProviderHere } from '@/lib/city'
import { age, ageOn, date, day, deadline, money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { CardList, Figures, ListRow, TaskRow } from '@/ui/Card'
import { Page, Section } from '@/ui/Page'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { Link } from 'wouter'
import { activitiesQuery, ordersQuery, owedQuery, partsQuery, providerQuery, type Provider } from './calls'
import { ownTexts, wordTexts } from './texts'
import { ProviderTag } from './words'

const TASKS_MAX = 5
const COMING_MAX = 5

/** What waits for the provider, how much is coming, and who begins today. */
export default function Overview() {
  const t = useTexts(ownTexts)
  const city = useCity()
  const here = useProviderHere()
  const provider = useQuery(providerQuery(city.slug, here.id))
  return (
    <Loaded screen query={provider}>
      {data => (
        <Page heading={data.name} title={t.overview} tag={<ProviderTag state={data.state} />}>
          <Standing provider={data} />
          <Numbers isOwner={here.role === 'owner'} />
          <Tasks provider={data} isOwner={here.role === 'owner'} />
          <Today />
          <Coming />
        </Page>
      )}
    </Loaded>
  )
}

/** Why something does not work now, and what to do. */
function Standing({ provider }: { provider: Provider }) {
  const t = useTexts(ownTexts)
  const words = useTexts(wordTexts)
  if (provider.state === 'suspended') return <Callout tone="warning" title={t.suspended}>{provider.state_reason}</Callout>
  if (provider.state === 'ended') return <Callout tone="neutral" title={t.ended}>{provider.state_reason}</Callout>
  if (provider.state === 'in_review') return <Callout tone="info" title={t.inReview} action={<LinkButton href="/nabidka">{t.prepareOffer}</LinkButton>}>{t.inReviewWhy}</Callout>
  if (provider.state === 'active' && provider.held) return <Callout tone="warning">{words.held[provider.held]}</Callout>
  return null
}

function Numbers({ isOwner }: { isOwner: boolean }) {
  const t = useTexts(ownTexts).figures
  const city = useCity()
  const here = useProviderHere()
  const requested = useQuery(ordersQuery(city.slug, here.id, 'requested'))
  const confirmed = useQuery(ordersQuery(city.slug, here.id, 'confirmed'))
  const activities = useQuery(activitiesQuery(city.slug, here.id))
  const owed = useQuery({ ...owedQuery(city.slug, here.id), enabled: isOwner })
  const sessions = (activities.data?.items ?? []).filter(({ state }) => state === 'published').flatMap(activity => activity.sessions)
  const free = sessions.filter(({ state, order_until }) => state === 'open' && order_until >= day()).reduce((sum, { places }) => sum + places, 0)
  const today = (confirmed.data?.items ?? []).filter(({ starts_on }) => starts_on === day()).length
  return (
    <Figures
      figures={[
        { label: t.toConfirm, value: requested.data?.items.length ?? '…', note: t.toConfirmNote },
        ...(isOwner ? [{ label: t.owed, value: owed.data ? money(owed.data.owed_minor) : '…', note: owed.data && t.owedNote(owed.data.movements) }] : []),
        { label: t.today, value: confirmed.data ? today : '…', note: t.todayNote },
        { label: t.free, value: activities.data ? free : '…', note: t.freeNote },
      ]}
    />
  )
}

function Tasks({ provider, isOwner }: { provider: Provider; isOwner: boolean }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const requested = useQuery(ordersQuery(city.slug, provider.id, 'requested'))
  const parts = useQuery(partsQuery(city.slug, provider.id))
  const mustJoin = isOwner && provider.missing.length === 0 && parts.data?.items.length === 0
  return (
    <Section title={t.waits} aside={<Link href="/objednavky">{t.allOrders}</Link>}>
      <Loaded query={requested}>
        {({ items }) =>
          items.length === 0 && provider.missing.length === 0 && !mustJoin ? (
            <EmptyState icon={check} title={t.nothingWaits}>{t.nothingWaitsWhy}</EmptyState>
          ) : (
            <CardList urgent={items.length > 0} label={t.waits}>
              {isOwner && provider.missing.length > 0 && (
                <TaskRow icon={bank} tone="warning" title={missingTitle(t, provider.missing)} meta={t.addWhy} action={<LinkButton look="primary" href="/nastaveni">{t.complete}</LinkButton>} />
              )}
              {mustJoin && <TaskRow icon={collection} tone="warning" title={t.joinTitle} meta={t.joinWhy} action={<LinkButton look="primary" href="/nastaveni">{t.join}</LinkButton>} />}
              {items.slice(0, TASKS_MAX).map((order, i) => (
                <TaskRow
                  key={order.id}
                  icon={bag}
                  tone="warning"
                  title={t.confirmTask(order.beneficiary_name)}
                  meta={`${order.title} · ${money(order.credit_minor)} · ${t.answerBy} ${deadline(order.confirm_by)}`}
                  action={<LinkButton look={i === 0 && provider.missing.length === 0 ? 'primary' : 'secondary'} href={`/objednavky/${order.id}`}>{t.open}</LinkButton>}
                />
              ))}
            </CardList>
          )
        }
      </Loaded>
    </Section>
  )
}

type Texts = { addBranch: string; addAccount: string; addBoth: string }
const missingTitle = (t: Texts, missing: readonly string[]) => (missing.length > 1 ? t.addBoth : missing[0] === 'branch' ? t.addBranch : t.addAccount)

function Today() {
  const t = useTexts(ownTexts)
  const city = useCity()
  const here = useProviderHere()
  const confirmed = useQuery(ordersQuery(city.slug, here.id, 'confirmed'))
  const today = (confirmed.data?.items ?? []).filter(({ starts_on }) => starts_on === day())
  if (today.length === 0) return null
  return (
    <Section title={t.todayTitle}>
      <CardList label={t.todayTitle}>
        {today.map(order => (
          <ListRow
            key={order.id}
            href={`/objednavky/${order.id}`}
            title={order.beneficiary_name}
            meta={[order.title, order.beneficiary_birth_date && age(ageOn(order.beneficiary_birth_date))].filter(Boolean).join(' · ')}
          />
        ))}
      </CardList>
    </Section>
  )
}

/** The sessions that begin next, and how full they are. */
function Coming() {
  const t = useTexts(ownTexts)
  const city = useCity()
  const here = useProviderHere()
  const activities = useQuery(activitiesQuery(city.slug, here.id))
  const coming = (activities.data?.items ?? [])
    .filter(({ state }) => state === 'published')
    .flatMap(({ id, title, sessions }) => sessions.filter(session => session.state === 'open' && session.starts_on > day()).map(session => ({ id, title: title.cs, session })))
    .sort((a, b) => a.session.starts_on.localeCompare(b.session.starts_on))
    .slice(0, COMING_MAX)
  if (coming.length === 0) return null
  return (
    <Section title={t.comingTitle} aside={<Link href="/nabidka">{t.allOffer}</Link>}>
      <CardList label={t.comingTitle}>
        {coming.map(({ id, title, session }) => (
          <ListRow key={session.id} href={`/nabidka/${id}`} title={title} meta={[date(session.starts_on), session.times].filter(Boolean).join(' · ')} aside={t.taken(session.capacity - session.places, session.capacity)} />
        ))}
      </CardList>
    </Section>
  )
}
