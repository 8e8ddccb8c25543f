import { useInfiniteQuery } from '@tanstack/react-query'
import plus from '~icon/plus-lg'
import { useCity } from '@/lib/city'
import { date, day } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Page } from '@/ui/Page'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { applicationsQuery, type Application } from './calls'
import { Own, StateTag } from './parts'
import { applicationTexts } from './texts'

/** Everything the person applied for, for self and for children. */
export default function Applications() {
  const t = useTexts(applicationTexts)
  const city = useCity()
  const pages = useInfiniteQuery(applicationsQuery(city.slug))
  const choose = <LinkButton look="primary" icon={plus} href="/programy">{t.choose}</LinkButton>
  return (
    <Page heading={t.heading} lead={t.lead} actions={<LinkButton icon={plus} href="/programy">{t.new}</LinkButton>}>
      <Loaded query={pages} waiting={<SkeletonCards />}>
        {data => {
          const all = data.pages.flatMap(page => page.items)
          if (all.length === 0) return <EmptyState title={t.empty} action={choose}>{t.emptyWhy}</EmptyState>
          return (
            <div className="stack">
              <CardList label={t.heading}>{all.map(one => <ApplicationRow key={one.id} application={one} />)}</CardList>
              {pages.hasNextPage && <div><Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{t.more}</Button></div>}
            </div>
          )
        }}
      </Loaded>
    </Page>
  )
}

/** One application in a list: what, for whom, what is next. */
export function ApplicationRow({ application }: { application: Application }) {
  const t = useTexts(applicationTexts)
  const { state } = application
  const next =
    state === 'draft' ? t.draftOf(date(day(application.saved_at ?? application.created_at)))
    : state === 'returned' && application.deadline ? t.answerBy(date(application.deadline))
    : ['submitted', 'in_review'].includes(state) && application.decide_by ? t.decideBy(date(application.decide_by))
    : ''
  const meta = [`${application.stated.given_names} ${application.stated.surname}`, application.number && t.number(application.number), next]
  return (
    <ListRow
      title={<Own of={application.programme_name} />}
      meta={meta.filter(Boolean).join(' · ')}
      aside={<StateTag state={state} />}
      href={`/zadosti/${application.id}`}
    />
  )
}
