import './offers.css'
import { useQuery } from '@tanstack/react-query'
import arrow from '~icon/arrow-right'
import pin from '~icon/geo-alt'
import shop from '~icon/shop'
import search from '~icon/search'
import wallet from '~icon/wallet2'
import { useCity } from '@/lib/city'
import { date, day, money } from '@/lib/format'
import { useSession } from '@/lib/session'
import { useTable } from '@/lib/table'
import { localised, texts, useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { Link } from 'wouter'
import { Button } from '@/ui/Button'
import { FilterBar, type Filter } from '@/ui/FilterBar'
import { Icon } from '@/ui/Icon'
import { Breadcrumbs, Page } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { activitiesQuery, grantsQuery, type Activity } from './calls'
import { wordTexts } from './texts'
import { useOfferTexts } from './desk.texts'
import { cheapest, PlacesTag } from './words'

const FILTERS = ['text', 'category', 'age', 'price_max_minor', 'free', 'programme', 'provider'] as const
type Name = (typeof FILTERS)[number]
const AGES = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 60, 70]
const PRICES_MINOR = [50_000, 100_000, 200_000, 300_000, 500_000]
const PAGE_SIZE = 24

/** Everything that can be ordered now: the same list for the public and for those who are signed in. */
export default function Offer() {
  const t = useOfferTexts()
  const city = useCity()
  const { session } = useSession()
  const table = useTable<Name>({ filters: FILTERS, pageSize: PAGE_SIZE })
  const activities = useQuery(activitiesQuery(city.slug, asked(table.query)))
  const { at } = useWhose()
  return (
    <Page heading={t.heading} lead={t.lead} above={at && <Breadcrumbs crumbs={[{ label: t.orders, href: `${at}/objednavky` }, { label: t.heading }]} />}>
      {session && <MyCredit choose={programme => table.setFilter('programme', programme)} />}
      <FilterBar table={table} filters={useFilters()} searchBy={{ name: 'text', label: t.search }} />
      <Loaded query={activities} waiting={<SkeletonCards count={6} />}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <Nothing isFiltered={table.isFiltered} clear={table.clearFilters} />}
            <ul className="offer-grid">{items.map(activity => <ActivityCard key={activity.id} activity={activity} />)}</ul>
            {(next || !table.isFirst) && (
              <div className="buttons">
                {!table.isFirst && <Button look="neutral" onClick={table.previous}>{t.toStart}</Button>}
                {next && <Button look="neutral" iconEnd={arrow} onClick={() => table.next(next)}>{t.next}</Button>}
              </div>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** Filters as the API names and types them. */
function asked({ age, price_max_minor, free, category, ...rest }: ReturnType<typeof useTable<Name>>['query']) {
  return {
    ...rest,
    ...(category && { category: category as Activity['category'] }),
    ...(age && { age: Number(age) }),
    ...(price_max_minor && { price_max_minor: Number(price_max_minor) }),
    ...(free && { free: true }),
  }
}

function useFilters(): Filter<Name>[] {
  const t = useOfferTexts()
  const words = useTexts(wordTexts)
  return [
    { name: 'category', label: t.category, all: t.allCategories, options: Object.entries(words.categories).map(([value, label]) => ({ value, label })) },
    { name: 'age', label: t.age, all: t.allAges, options: AGES.map(years => ({ value: String(years), label: words.ages(years, years).replace(`${years}–`, '') })) },
    { name: 'price_max_minor', label: t.price, all: t.allPrices, options: PRICES_MINOR.map(price => ({ value: String(price), label: t.priceUpTo(price) })) },
    { name: 'free', label: t.free, all: t.allPlaces, options: [{ value: 'true', label: t.onlyFree }] },
  ]
}

function Nothing({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  const t = useOfferTexts()
  if (!isFiltered) return <EmptyState icon={search} title={t.empty}>{t.emptyWhy}</EmptyState>
  return <NothingFiltered clear={clear} />
}

const nothing = texts({
  cs: { title: 'Filtrům nic neodpovídá', hint: 'Uberte některý filtr nebo hledejte jiné slovo.', clear: 'Zrušit filtry' },
  en: { title: 'Nothing fits the filters', hint: 'Remove a filter or search for another word.', clear: 'Clear the filters' },
})

function NothingFiltered({ clear }: { clear: () => void }) {
  const t = useTexts(nothing)
  return <EmptyState icon={search} title={t.title} action={<Button onClick={clear}>{t.clear}</Button>}>{t.hint}</EmptyState>
}

/** What can be spent here, for whom and until when. */
function MyCredit({ choose }: { choose: (programme: string) => void }) {
  const t = useOfferTexts()
  const city = useCity()
  const { person } = useWhose()
  const grants = useQuery(grantsQuery(city.slug, person))
  const credits = (grants.data?.items ?? []).filter(grant => grant.mode === 'credit' && grant.state === 'active' && grant.spendable_minor > 0)
  if (credits.length === 0) return null
  return (
    <section className="card offer-credit" aria-label={t.creditTitle}>
      {credits.map(grant => (
        <div key={grant.id} className="split">
          <span className="row gap-2">
            <Icon of={wallet} />
            <span>{t.credit(grant.beneficiary.name, money(grant.spendable_minor), date(grant.valid_until))}</span>
          </span>
          <Button look="quiet" size="s" onClick={() => choose(grant.programme.id)}>{t.showWhere}</Button>
        </div>
      ))}
    </section>
  )
}

function ActivityCard({ activity }: { activity: Activity }) {
  const t = useOfferTexts()
  const words = useTexts(wordTexts)
  const { at } = useWhose()
  const title = localised(activity.title)
  const first = activity.sessions[0]
  if (!first) return null
  const more = activity.sessions.length - 1
  return (
    <li className="card offer-card">
      <div className="stack gap-2">
        <div className="row gap-2">
          <Tag tone="neutral" icon={shop}>{words.categories[activity.category]}</Tag>
          <PlacesTag session={first} />
        </div>
        <h2 className="card-title" lang={title.lang}><Link href={`${at}/nabidka/${activity.id}`} className="cover-link">{title.text}</Link></h2>
        <p className="small soft">{activity.provider_name}</p>
      </div>
      <div className="stack gap-1 small">
        <span className="row gap-2"><Icon of={pin} size={16} /><span>{activity.place}</span></span>
        <span>{words.ages(activity.age_from, activity.age_to)} · {first.starts_on < day() ? t.runs(date(first.starts_on)) : t.starts(date(first.starts_on))}{more > 0 && ` · ${t.more(more)}`}</span>
      </div>
      <p className="offer-price">{activity.sessions.every(({ price_minor }) => price_minor === first.price_minor) ? money(first.price_minor) : words.from(cheapest(activity.sessions))}</p>
    </li>
  )
}
