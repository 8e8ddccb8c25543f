import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import check from '~icon/check-lg'
import cross from '~icon/x-lg'
import question from '~icon/question-lg'
import { useCity } from '@/lib/city'
import { age as ageInWords } from '@/lib/format'
import { localised, useLanguage, useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Breadcrumbs, Page } from '@/ui/Page'
import { Status, Tag, type Tone } from '@/ui/Tag'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { supportQuery, type Condition } from './calls'
import { Finder } from './Finder'
import { ProgrammeCard } from './ProgrammeCard'
import { homeTexts } from './texts'
import './home.css'

/** What fits somebody of an age and a street: fitting programmes first, with a reason at each condition. */
export default function Support() {
  const t = useTexts(homeTexts)
  const city = useCity()
  const [params] = useSearchParams()
  const age = params.get('vek') ?? ''
  const street = params.get('ulice') ?? ''
  const isAsked = /^\d{1,3}$/.test(age)
  const found = useQuery({ ...supportQuery(city.slug, Number(age), street), enabled: isAsked, placeholderData: keepPreviousData })
  return (
    <Page
      heading={t.home.find}
      above={<Breadcrumbs crumbs={[{ label: city.name, href: '/' }, { label: t.home.find }]} />}
      lead={isAsked && (street ? t.support.forAddress(ageInWords(Number(age)), street) : t.support.forAge(ageInWords(Number(age))))}
    >
      <div className="with-aside support">
        {isAsked ? (
          <Loaded query={found} waiting={<SkeletonCards />}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t.support.none} action={<LinkButton href="/programy">{t.home.all}</LinkButton>}>{t.support.noneWhy}</EmptyState>
              ) : (
                <ul className="stack">
                  {items.map(({ programme, passes, conditions }) => (
                    <ProgrammeCard key={programme.id} programme={programme} level={2}>
                      <div>{passes ? <Tag tone="success">{t.support.fits}</Tag> : <Tag tone="neutral">{t.support.doesNotFit}</Tag>}</div>
                      <Conditions conditions={conditions} />
                    </ProgrammeCard>
                  ))}
                </ul>
              )
            }
          </Loaded>
        ) : (
          <p>{t.support.ask}</p>
        )}
        <Finder age={age} street={street} />
      </div>
    </Page>
  )
}

const LOOK: Record<Condition['verdict'], { tone: Tone; icon: string }> = {
  met: { tone: 'success', icon: check },
  not_met: { tone: 'error', icon: cross },
  pending: { tone: 'neutral', icon: question },
  to_judge: { tone: 'neutral', icon: question },
}

function Conditions({ conditions }: { conditions: readonly Condition[] }) {
  const code = useLanguage()
  return (
    <ul className="stack gap-1 small">
      {conditions.map(condition => {
        const text = localised(condition, code)
        return <li key={condition.code} lang={text.lang}><Status {...LOOK[condition.verdict]}>{text.text}</Status></li>
      })}
    </ul>
  )
}
