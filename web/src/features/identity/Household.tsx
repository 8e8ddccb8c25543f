import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import plus from '~icon/person-plus'
import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { householdQuery } from '@/lib/person'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Page } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { Loaded, SkeletonCards } from '@/ui/Waiting'
import type { Verification } from './calls'
import { LinkStatus } from './LinkStatus'
import { StateSentence } from './StateSentence'
import { StateTag } from './StateTag'
import { StepButton } from './StepButton'
import { householdTexts } from './texts'

/** Everyone the person acts for, with the state of each and the one thing that is next. */
export default function Household() {
  const t = useTexts(householdTexts)
  const city = useCity()
  const household = useQuery(householdQuery(city.slug))
  return (
    <Page heading={t.heading} lead={t.lead} actions={<LinkButton look="secondary" icon={plus} href="/domacnost/pridat-dite">{t.addChild}</LinkButton>}>
      <Loaded query={household} waiting={<SkeletonCards count={2} />}>
        {({ items }) => (
          <div className="grid grid-2">
            {items.map(one => <OneOfHousehold key={one.id} one={one} />)}
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function OneOfHousehold({ one }: { one: Verification }) {
  const t = useTexts(householdTexts)
  return (
    <Card level={2} title={`${one.given_names} ${one.surname}`} aside={<StateTag one={one} />}>
      <div className="stack gap-3">
        <p className="small soft">{one.child ? t.child : t.you} · {t.born(date(one.birth_date))}</p>
        <div className="stack gap-2"><StateSentence one={one} /></div>
        {one.link && <p><LinkStatus one={one} /></p>}
        {one.second_proof && <p><Status tone="success">{t.proved[one.second_proof.way]}</Status></p>}
        <StepButton one={one} />
        <p><Link href={one.child ? `/domacnost/dite/${one.id}` : '/ucet/udaje'} aria-label={`${t.edit}: ${one.given_names} ${one.surname}`}>{t.edit}</Link></p>
      </div>
    </Card>
  )
}
