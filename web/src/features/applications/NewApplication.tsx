import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { Link, useLocation, useParams } from 'wouter'
import hourglass from '~icon/hourglass-split'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { useForm } from '@/lib/form'
import { age, ageOn, date } from '@/lib/format'
import { useLanguage, useTexts } from '@/lib/texts'
import { Callout } from '@/ui/Callout'
import { ChoiceCards, type CardChoice } from '@/ui/Field'
import { ErrorSummary } from '@/ui/Form'
import { Tag } from '@/ui/Tag'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { candidatesQuery, programmeQuery, startApplication, type Candidate } from './calls'
import { conditionText } from './parts'
import { WizardFrame } from './WizardFrame'
import { wizardTexts } from './texts'

/** The first question: for whom. A draft exists from the answer on. */
export default function NewApplication() {
  const city = useCity()
  const { programme: id = '' } = useParams()
  const programme = useQuery(programmeQuery(city.slug, id))
  const candidates = useQuery({ ...candidatesQuery(city.slug, id), staleTime: 0 })
  return (
    <Loaded screen query={programme} waiting={<Skeleton lines={6} />}>
      {known => (
        <Loaded query={candidates} waiting={<Skeleton lines={6} />}>
          {({ items }) => <ForWhom programme={known.id} name={known.rules.name} candidates={items} />}
        </Loaded>
      )}
    </Loaded>
  )
}

interface ForWhomProps {
  programme: string
  name: { cs: string; en: string }
  candidates: readonly Candidate[]
}

function ForWhom({ programme, name, candidates }: ForWhomProps) {
  const t = useTexts(wizardTexts)
  const city = useCity()
  const client = useQueryClient()
  const [, go] = useLocation()
  const [refused, setRefused] = useState<Problem | null>(null)
  const choiceOf = useChoice()
  const schema = useMemo(() => v.object({ beneficiary: v.pipe(v.string(t.whoMissing), v.minLength(1, t.whoMissing)) }), [t])
  const only = candidates.filter(one => one.passes)
  const form = useForm({
    schema,
    defaults: { beneficiary: only.length === 1 ? only[0]!.beneficiary : '' },
    send: async ({ beneficiary }) => {
      setRefused(null)
      try {
        const detail = await startApplication(city.slug, programme, beneficiary)
        client.setQueryData(['application', city.slug, detail.application.id], detail)
        go(`/zadosti/${detail.application.id}/krok/2`, { replace: true })
      } catch (thrown) {
        setRefused(asProblem(thrown))
      }
    },
  })
  return (
    <WizardFrame
      programme={name}
      step={0}
      question={t.who}
      hint={t.whoHint}
      next={candidates.length > 0 ? { label: t.next, busy: form.isBusy, onClick: () => void form.submit() } : undefined}
    >
      <form noValidate onSubmit={event => void form.submit(event)} className="stack">
        <ErrorSummary errors={form.errors} focusOn={form.attempts} />
        {refused && <ProblemCallout problem={refused} />}
        {candidates.length === 0 && <Callout tone="neutral" title={t.closed} />}
        <ChoiceCards legend={<span className="visually-hidden">{t.who}</span>} choices={candidates.map(choiceOf)} {...form.field('beneficiary')} />
      </form>
      <p><Link href="/domacnost/pridat-dite">{t.addChild}</Link></p>
    </WizardFrame>
  )
}

const STILL_ASKED = ['verification', 'guardian', 'residence']

/** A card for one of the household: passes, is being verified, or cannot, with the reason. */
function useChoice(): (one: Candidate) => CardChoice {
  const t = useTexts(wizardTexts)
  const language = useLanguage()
  return one => {
    const card = { value: one.beneficiary, title: one.name, meta: t.born(date(one.birth_date), age(ageOn(one.birth_date))) }
    const against = one.conditions.filter(condition => condition.verdict === 'not_met' && condition.code !== 'household')
    if (one.application) return { ...card, tag: <Tag tone="neutral">{t.applied}</Tag>, disabledBecause: <Link href={`/zadosti/${one.application}`}>{t.openApplied}</Link> }
    if (against.length > 0) {
      return { ...card, tag: <Tag tone="neutral">{t.cannot}</Tag>, disabledBecause: against.map(condition => conditionText(condition, language)).join(' ') }
    }
    const isAsked = one.conditions.some(condition => condition.verdict === 'pending' && STILL_ASKED.includes(condition.code))
    if (isAsked) return { ...card, tag: <Tag tone="info" icon={hourglass}>{t.verifying}</Tag>, note: t.verifyingNote }
    return { ...card, tag: <Tag tone="success">{t.passes}</Tag> }
  }
}
