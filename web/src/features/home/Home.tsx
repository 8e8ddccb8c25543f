import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { appHref, useCity } from '@/lib/city'
import { dateTime } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { MoneyBar } from '@/ui/MoneyBar'
import { moneyNames, moneyParts } from '@/ui/moneyParts'
import { PageTitle, Section } from '@/ui/Page'
import { ContactLinks } from '@/ui/shells/parts'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { openFiguresQuery, openProgrammesQuery } from './calls'
import { Finder } from './Finder'
import { ProgrammeCard } from './ProgrammeCard'
import { homeTexts } from './texts'
import './home.css'

export default function Home() {
  const t = useTexts(homeTexts).home
  return (
    <div className="sections">
      <div className="home-promise">
        <div className="stack">
          <PageTitle>{t.heading}</PageTitle>
          <p className="lead text">{t.lead}</p>
        </div>
        <Finder />
      </div>
      <OpenProgrammes />
      <Section title={t.steps}>
        <ol className="grid grid-3">
          {t.stepList.map((step, i) => (
            <li key={step.title} className="card">
              <span className="home-step-number" aria-hidden="true">{i + 1}</span>
              <h3>{step.title}</h3>
              <p className="soft">{step.text}</p>
            </li>
          ))}
        </ol>
      </Section>
      <Figures />
      <PeopleWhoHelp />
    </div>
  )
}

const SHOWN = 6

function OpenProgrammes() {
  const t = useTexts(homeTexts).home
  const city = useCity()
  const programmes = useQuery(openProgrammesQuery(city.slug))
  return (
    <Section title={t.open} aside={<Link href="/programy">{t.all}</Link>}>
      <Loaded query={programmes} waiting={<SkeletonCards count={SHOWN} lines={8} className="grid grid-3 home-programmes" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t.noneOpen}>{t.noneOpenWhy}</EmptyState>
          ) : (
            <ul className="grid grid-3 home-programmes">{items.slice(0, SHOWN).map(programme => <ProgrammeCard key={programme.id} programme={programme} />)}</ul>
          )
        }
      </Loaded>
    </Section>
  )
}

/** The town's money in one bar; the page of open figures has the rest. Without figures there is nothing to say. */
function Figures() {
  const t = useTexts(homeTexts).home
  const names = useTexts(moneyNames)
  const city = useCity()
  const { data } = useQuery(openFiguresQuery(city.slug))
  if (!data || data.together.budget_minor === 0) return null
  const countedAt = data.items.map(item => item.counted_at).filter(Boolean).sort().at(-1)
  return (
    <Card>
      <MoneyBar
        title={t.budgets}
        aside={countedAt && t.stateAt(dateTime(countedAt))}
        parts={moneyParts(names, data.together)}
      />
    </Card>
  )
}

function PeopleWhoHelp() {
  const t = useTexts(homeTexts)
  const city = useCity()
  return (
    <div className="grid grid-2">
      <Card level={2} title={t.home.forHelp}>
        <p className="soft">{t.home.forHelpText}</p>
        <div className="small"><ContactLinks contact={city.contact} /></div>
      </Card>
      <Card level={2} title={t.home.haveAccount}>
        <p className="soft">{t.where.citizenText}</p>
        <div className="buttons"><LinkButton look="secondary" outside href={appHref('moje', city.slug)}>{t.where.citizen}</LinkButton></div>
      </Card>
    </div>
  )
}
