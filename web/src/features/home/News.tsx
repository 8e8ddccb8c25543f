import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import megaphone from '~icon/megaphone'
import { useCity } from '@/lib/city'
import { date, day } from '@/lib/format'
import { localised, useLanguage, useTexts } from '@/lib/texts'
import { Page } from '@/ui/Page'
import { Timeline } from '@/ui/Timeline'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { allProgrammesQuery, type Programme } from './calls'
import { newsTexts } from './news.texts'

const SHOWN = 30

interface Piece {
  programme: Programme
  on: string
  what: 'opens' | 'opened' | 'ends' | 'ended' | 'spending'
}

/** What happens with a programme on which day. */
function newsOf(programme: Programme, today: string): Piece[] {
  const { applications_from, applications_to, spending_to } = programme.rules
  return [
    { programme, on: applications_from, what: applications_from > today ? 'opens' : 'opened' },
    { programme, on: applications_to, what: applications_to >= today ? 'ends' : 'ended' },
    { programme, on: spending_to, what: 'spending' },
  ]
}

/** What the town opens and closes, the latest day first: told by its programmes, so it is never out of date. */
export default function News() {
  const t = useTexts(newsTexts)
  const language = useLanguage()
  const city = useCity()
  const programmes = useQuery(allProgrammesQuery(city.slug))
  const today = day(new Date())
  return (
    <Page heading={t.heading} lead={t.lead}>
      <Loaded query={programmes}>
        {({ items }) => {
          const news = items.flatMap(one => newsOf(one, today)).sort((a, b) => b.on.localeCompare(a.on)).slice(0, SHOWN)
          if (news.length === 0) return <EmptyState icon={megaphone} title={t.empty}>{t.emptyWhy}</EmptyState>
          return (
            <Timeline
              items={news.map(({ programme, on, what }) => {
                const name = localised(programme.rules.name, language)
                return { icon: megaphone, tone: what === 'opened' ? 'accent' : 'neutral', title: <Link href={`/programy/${programme.id}`}><span lang={name.lang}>{name.text}</span></Link>, meta: `${t[what]} ${date(on)}` }
              })}
            />
          )
        }}
      </Loaded>
    </Page>
  )
}
