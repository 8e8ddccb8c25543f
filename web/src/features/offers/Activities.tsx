import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import plus from '~icon/plus-lg'
import tags from '~icon/tags'
import { useCity, useProviderHere } from '@/lib/city'
import { date, day, money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page } from '@/ui/Page'
import { EmptyState } from '@/ui/Waiting'
import { ownOfferQuery, type Activity, type Session } from './calls'
import { providerTexts } from './provider.texts'
import { wordTexts } from './texts'
import { ActivityTag, cheapest } from './words'

/** The provider's activities, drafts too. */
export default function Activities() {
  const t = useTexts(providerTexts)
  const city = useCity()
  const provider = useProviderHere()
  const activities = useQuery(ownOfferQuery(city.slug, provider.id))
  const add = provider.role === 'owner' && <LinkButton look="primary" icon={plus} href="/nabidka/nova">{t.add}</LinkButton>
  return (
    <Page heading={t.offer} lead={t.offerLead} actions={(activities.data?.items.length ?? 0) > 0 && add}>
      <DataTable
        caption={t.offer}
        list={activities}
        rowKey={activity => activity.id}
        columns={useColumns()}
        empty={<EmptyState icon={tags} title={t.noActivities} action={add}>{t.noActivitiesWhy}</EmptyState>}
      />
    </Page>
  )
}

const upcoming = (activity: Activity) => activity.sessions.filter(session => session.state === 'open' && session.ends_on >= day())
const free = (sessions: readonly Session[]) => sessions.reduce((sum, session) => sum + session.places, 0)
const capacity = (sessions: readonly Session[]) => sessions.reduce((sum, session) => sum + session.capacity, 0)

function useColumns(): Column<Activity>[] {
  const t = useTexts(providerTexts)
  const words = useTexts(wordTexts)
  return [
    {
      key: 'title',
      head: t.activity,
      phone: 'title',
      cell: activity => (
        <>
          <Link href={`/nabidka/${activity.id}`} className="strong">{activity.title.cs}</Link>
          <div className="small soft">{words.categories[activity.category]} · {words.ages(activity.age_from, activity.age_to)}</div>
        </>
      ),
    },
    { key: 'state', head: t.state, phone: 'aside', cell: activity => <ActivityTag state={activity.state} /> },
    {
      key: 'nearest',
      head: t.nearest,
      cell: activity => {
        const sessions = upcoming(activity)
        return sessions[0] ? `${date(sessions[0].starts_on)} (${t.sessionsCount(sessions.length)})` : <span className="soft">{t.noNearest}</span>
      },
    },
    {
      key: 'places',
      head: t.freePlaces,
      end: true,
      cell: activity => {
        const sessions = upcoming(activity)
        return sessions.length > 0 ? `${free(sessions)} / ${capacity(sessions)}` : ''
      },
    },
    {
      key: 'price',
      head: t.priceFrom,
      end: true,
      cell: activity => {
        const sessions = upcoming(activity)
        return sessions.length > 0 ? money(cheapest(sessions), 'always') : ''
      },
    },
  ]
}
