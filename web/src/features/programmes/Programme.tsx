import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter } from 'wouter'
import arrow from '~icon/arrow-right'
import { appHref, useCity } from '@/lib/city'
import { date, money } from '@/lib/format'
import { useLanguage, useTexts, localised } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { Breadcrumbs, Page } from '@/ui/Page'
import { StateTag } from '@/ui/ProgrammeState'
import { Loaded, Skeleton } from '@/ui/Waiting'
import { placesQuery, programmeQuery, type ProgrammeDetail } from './calls'
import { Own, ownText, useAmountWords } from './parts'
import { PreCheck } from './PreCheck'
import { programmeTexts } from './texts'

/** One programme: amount, who may, until when, a check of the conditions, and the way to apply. */
export default function Programme() {
  const city = useCity()
  const { id = '' } = useParams()
  const programme = useQuery(programmeQuery(city.slug, id))
  return <Loaded screen query={programme} waiting={<Skeleton lines={8} />}>{known => <Detail programme={known} />}</Loaded>
}

function Detail({ programme }: { programme: ProgrammeDetail }) {
  const t = useTexts(programmeTexts)
  const name = ownText(programme.rules.name)
  return (
    <Page
      heading={<Own of={programme.rules.name} />}
      title={name}
      tag={<StateTag state={programme.state} />}
      lead={<Own of={programme.rules.purpose} />}
      above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/programy' }, { label: name }]} />}
    >
      <div className="programme-layout">
        <Aside programme={programme} />
        <div className="stack gap-5">
          <About programme={programme} />
          <Conditions programme={programme} />
          {programme.takes_applications && <PreCheck programme={programme.id} />}
          <Where programme={programme.id} />
        </div>
      </div>
    </Page>
  )
}

function About({ programme }: { programme: ProgrammeDetail }) {
  const t = useTexts(programmeTexts)
  const { rules } = programme
  const said = localised(rules.text, useLanguage())
  const basis = [`${t.basis}: ${rules.legal_basis}`, rules.resolution_on && t.resolution(rules.resolution_number, date(rules.resolution_on))].filter(Boolean).join(', ')
  return (
    <Card title={t.about} level={2}>
      <p className="text programme-text" lang={said.lang}>{said.text}</p>
      <p className="small soft text">{basis}</p>
    </Card>
  )
}

function Conditions({ programme }: { programme: ProgrammeDetail }) {
  const t = useTexts(programmeTexts)
  const language = useLanguage()
  return (
    <Card title={t.whoMay} level={2}>
      <ul className="bullets text">
        {programme.sentences.map(sentence => <li key={sentence.field}>{language === 'cs' ? localised(sentence).text : sentence.en}</li>)}
        <li>{t.noClaim}</li>
      </ul>
    </Card>
  )
}

/** The providers that take it, with their open branches. */
function Where({ programme }: { programme: string }) {
  const t = useTexts(programmeTexts)
  const city = useCity()
  const places = useQuery(placesQuery(city.slug, programme))
  return (
    <Card title={t.where} level={2}>
      <Loaded query={places} waiting={<Skeleton />}>
        {({ items }) =>
          items.length === 0 ? <p className="soft">{t.whereEmpty}</p> : (
            <ul className="grid grid-2">
              {items.map(one => (
                <li key={one.id}>
                  <p className="strong">{one.name}</p>
                  {one.branches.filter(branch => !branch.closed).map(branch => <p key={branch.id} className="small soft">{[branch.name, branch.address].filter(Boolean).join(', ')}</p>)}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function Aside({ programme }: { programme: ProgrammeDetail }) {
  const t = useTexts(programmeTexts)
  const amount = useAmountWords(programme.rules)
  const { rules } = programme
  const facts = [
    { label: t.applications, value: t.days(date(rules.applications_from), date(rules.applications_to)) },
    { label: t.spending, value: t.days(date(rules.spending_from), date(rules.spending_to)) },
    { label: t.budget, value: `${money(programme.free_minor)} ${t.freeOf} ${money(programme.total_minor)}` },
    ...(programme.owner_name ? [{ label: t.owner, value: programme.owner_name }] : []),
  ]
  return (
    <aside>
      <Card>
        <div className="stack gap-4">
          <div>
            <p className="small soft">{t.amount}</p>
            <p className="figure">{amount}</p>
          </div>
          <Apply programme={programme} />
          <div className="programme-facts"><Facts facts={facts} /></div>
        </div>
      </Card>
    </aside>
  )
}

function Apply({ programme }: { programme: ProgrammeDetail }) {
  const t = useTexts(programmeTexts)
  const city = useCity()
  const inMoje = useRouter().base.startsWith('/moje')
  const path = `/zadosti/nova/${programme.id}`
  if (!programme.takes_applications) return <Callout tone="neutral">{whyClosed(programme, t)}</Callout>
  return inMoje ? (
    <LinkButton look="primary" size="l" wide iconEnd={arrow} href={path}>{t.apply}</LinkButton>
  ) : (
    <LinkButton look="primary" size="l" wide iconEnd={arrow} outside href={appHref('moje', city.slug, path)}>{t.apply}</LinkButton>
  )
}

function whyClosed(programme: ProgrammeDetail, t: typeof programmeTexts.cs): string {
  const { applications_from, applications_to } = programme.rules
  if (programme.state === 'scheduled') return t.applyClosed.scheduled(date(applications_from))
  if (programme.state === 'exhausted') return t.applyClosed.exhausted
  if (programme.state === 'paused') return t.applyClosed.paused
  return t.applyClosed.ended(date(applications_to))
}
