import { appHref, useCity } from '@/lib/city'
import { stepOf } from '@/lib/person'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { useToast } from '@/ui/Toast'
import { ProblemCallout } from '@/ui/Waiting'
import { useVerificationActs, type Verification } from './calls'
import { householdTexts, memberTexts } from './texts'

/** The button that does what is next, or the telephone of the office. */
export function StepButton({ one, here }: { one: Verification; /** On the person's own screen, where forms stand already. */ here?: boolean }) {
  const t = useTexts(householdTexts)
  const city = useCity()
  const step = stepOf(one)
  switch (step) {
    case 'none':
    case 'wait':
      return null
    case 'come': {
      const contact = t.contact(city.contact.phone ?? '', city.contact.office ?? '')
      return contact ? <p className="small">{contact}</p> : null
    }
    case 'recover':
      return <LinkButton outside href={appHref('www', city.slug, '/heslo')}>{t.act.recover}</LinkButton>
    case 'correct':
      return <LinkButton href={one.child ? `/domacnost/dite/${one.id}` : '/ucet/udaje'}>{t.act.correct}</LinkButton>
    case 'check':
      return <CheckButton one={one} />
    case 'birth_place':
    case 'prove':
    case 'document':
      return here ? null : <LinkButton href={`/domacnost/overeni/${one.id}`}>{t.act[step]}</LinkButton>
  }
}

function CheckButton({ one }: { one: Verification }) {
  const t = useTexts(householdTexts)
  const m = useTexts(memberTexts)
  const toast = useToast()
  const { check } = useVerificationActs(useCity().slug, one.id)
  return (
    <>
      {check.error && <ProblemCallout problem={check.error} />}
      <Button busy={check.isPending} onClick={() => void check.mutateAsync(undefined).then(() => toast(m.askedToast), () => undefined)}>
        {one.outcome === 'match_not_resident' ? t.act.again : t.act.check}
      </Button>
    </>
  )
}
