import { useQuery } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import { date, money } from '@/lib/format'
import { householdQuery, LOOKS, sentencesOf } from '@/lib/person'
import { language, useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { CardList, Figures, ListRow } from '@/ui/Card'
import { Page, Section } from '@/ui/Page'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { chargesQuery, type Charge } from './calls'
import { ChargeStatus } from './ChargeStatus'
import { feeTexts } from './texts'

/** The personal account: everything owed to the town and paid, by year. */
export default function Charges() {
  const t = useTexts(feeTexts)
  const city = useCity()
  const charges = useQuery(chargesQuery(city.slug))
  return (
    <Page heading={t.charges} lead={t.lead}>
      <Loaded query={charges}>
        {({ items, due_minor, overdue_minor }) =>
          items.length === 0 ? (
            <EmptyState title={t.nothing} action={<LinkButton href="/domacnost">{t.household}</LinkButton>}><NothingWhy /></EmptyState>
          ) : (
            <>
              <Figures figures={[{ label: t.toPay, value: money(due_minor) }, { label: t.overdue, value: money(overdue_minor) }]} />
              {byYear(items).map(([year, ofYear]) => (
                <Section key={year} title={t.year(year)}>
                  <CardList label={t.year(year)}>{ofYear.map(charge => <Row key={charge.id} charge={charge} />)}</CardList>
                </Section>
              ))}
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

/** Charges belong to whom the registry knows: of anybody else the same is said as in the household. */
function NothingWhy() {
  const t = useTexts(feeTexts)
  const city = useCity()
  const household = useQuery(householdQuery(city.slug))
  const me = household.data?.items.find(one => !one.child)
  if (!me) return null
  if (LOOKS[me.state].tone === 'success') return t.nothingWhy
  return <>{[...sentencesOf(me, city.name), t.nothingYet].map(line => <p key={line}>{line}</p>)}</>
}

function Row({ charge }: { charge: Charge }) {
  const t = useTexts(feeTexts)
  const left = charge.left_minor > 0 ? money(charge.to_pay_minor) : money(charge.amount_minor - charge.discount_minor)
  return (
    <ListRow
      href={`/platby/${charge.id}`}
      title={titleOf(charge)}
      meta={<><span className="strong nowrap">{left}</span> · <span className="nowrap">{t.due(date(charge.due_on))}</span> · {t.forWhom(charge.name)}</>}
      aside={<ChargeStatus state={charge.state} />}
    />
  )
}

export const titleOf = (charge: Charge) => (language() === 'cs' ? charge.title_cs : charge.title_en)

function byYear(items: readonly Charge[]): [number, Charge[]][] {
  const years = new Map<number, Charge[]>()
  for (const charge of items) years.set(charge.year, [...(years.get(charge.year) ?? []), charge])
  return [...years].toSorted(([a], [b]) => b - a)
}
