import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { useCity } from '@/lib/city'
import { useTable } from '@/lib/table'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { FilterBar } from '@/ui/FilterBar'
import { Page } from '@/ui/Page'
import { programmeStates, type ProgrammeState } from '@/ui/ProgrammeState'
import { Status } from '@/ui/Tag'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { programmesQuery, supportQuery, type Filters, type Programme } from './calls'
import { ProgrammeCard } from './parts'
import { programmeTexts } from './texts'

/** Every programme of the town, or those found for an age and a street. */
export default function Programmes() {
  const t = useTexts(programmeTexts)
  const [params] = useSearchParams()
  const age = params.get('vek')
  return (
    <Page heading={t.heading} lead={t.lead}>
      {age && /^\d{1,3}$/.test(age) ? <Found age={Number(age)} street={params.get('ulice') ?? ''} /> : <All />}
    </Page>
  )
}

const optionsOf = <K extends string>(words: Record<K, string>, keys: readonly K[]) => keys.map(value => ({ value, label: words[value] }))
const WHOM: readonly (keyof typeof programmeTexts.cs.forWhom)[] = ['child', 'adult', 'senior']
const TOPICS: readonly (keyof typeof programmeTexts.cs.topic)[] = ['sport', 'culture', 'education', 'health', 'home', 'other']
const STATES: readonly ProgrammeState[] = ['open', 'scheduled', 'exhausted', 'spending_only', 'closed']
const FILTERS = ['for_whom', 'topic', 'state'] as const

function All() {
  const t = useTexts(programmeTexts)
  const city = useCity()
  const states = useTexts(programmeStates)
  const table = useTable({ filters: FILTERS })
  const programmes = useQuery(programmesQuery(city.slug, table.filters as Filters))
  return (
    <div className="stack gap-5">
      <FilterBar
        table={table}
        filters={[
          { name: 'for_whom', label: t.filterWhom, all: t.allWhom, options: optionsOf(t.forWhom, WHOM) },
          { name: 'topic', label: t.filterTopic, all: t.allTopics, options: optionsOf(t.topic, TOPICS) },
          { name: 'state', label: t.filterState, all: t.allStates, options: optionsOf(states, STATES) },
        ]}
        summary={programmes.data && t.found(programmes.data.items.length)}
      />
      <Loaded query={programmes} waiting={<SkeletonCards />}>
        {({ items }) =>
          items.length > 0 ? (
            <Cards programmes={items.toSorted(openFirst)} />
          ) : (
            <EmptyState title={t.empty} action={table.isFiltered && <LinkButton href="/programy">{t.clear}</LinkButton>}>{t.emptyWhy}</EmptyState>
          )
        }
      </Loaded>
    </div>
  )
}

const ORDER = ['open', 'scheduled', 'exhausted', 'paused', 'spending_only', 'closed', 'draft', 'archived']
const openFirst = (a: Programme, b: Programme) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)

function Cards({ programmes }: { programmes: readonly Programme[] }) {
  return (
    <ul className="grid grid-3">
      {programmes.map(programme => <ProgrammeCard key={programme.id} programme={programme} href={`/programy/${programme.id}`} />)}
    </ul>
  )
}

function Found({ age, street }: { age: number; street: string }) {
  const t = useTexts(programmeTexts)
  const city = useCity()
  const support = useQuery(supportQuery(city.slug, age, street))
  return (
    <div className="stack gap-5">
      <Callout tone="info" title={t.searchedFor(age, street)} action={<LinkButton href="/programy">{t.clear}</LinkButton>}>{t.searchNote}</Callout>
      <Loaded query={support} waiting={<SkeletonCards />}>
        {({ items }) =>
          items.length === 0 ? <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState> : (
            <ul className="grid grid-3">
              {items.map(({ programme, passes }) => (
                <ProgrammeCard
                  key={programme.id}
                  programme={programme}
                  href={`/programy/${programme.id}`}
                  note={<p><Status tone={passes ? 'success' : 'neutral'}>{passes ? t.fits : t.fitsNot}</Status></p>}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  )
}
