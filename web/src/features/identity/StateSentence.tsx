import { date, day } from '@/lib/format'
import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import type { Verification } from './calls'
import { stepOf } from './states'
import { householdTexts, stateTexts } from './texts'

/** What is known and what follows from it, in words. */
export function StateSentence({ one }: { one: Verification }) {
  const lines = useSentences(one)
  return <>{lines.map(line => <p key={line}>{line}</p>)}</>
}

function useSentences(one: Verification): string[] {
  const t = useTexts(householdTexts)
  const s = useTexts(stateTexts)
  const city = useCity()
  const step = stepOf(one, city)
  const on = one.checked_at ? date(day(one.checked_at)) : ''
  switch (one.outcome) {
    case 'match': {
      const known = one.by_hand ? t.byHand(s.document[one.by_hand], on) : t.verified(on, one.expires_at && date(day(one.expires_at)))
      return [known, ...(step === 'prove' ? [t.needsProof] : []), ...(one.official_address ? [t.officialAddress] : [])]
    }
    case 'match_not_resident':
      return [t.notResident(city.name), one.next_check_at ? t.askAgainOn(date(day(one.next_check_at))) : t.notResidentMore]
    case 'pending':
      if (one.next_check_at) return [t.pendingAsk, t.askAgainOn(date(day(one.next_check_at)))]
      return [step === 'come' ? t.come : step === 'check' ? t.pendingAsk : t.pending]
    case 'expired':
      return step === 'come' ? [t.expired, t.come] : [t.expired]
    case 'ambiguous':
      return [step === 'come' ? t.ambiguousStill : t.ambiguous]
    case 'no_match': {
      if (one.duplicate) return [t.duplicate, t.duplicateMore]
      return [one.differs.length > 0 ? t.noMatchBy(one.differs.map(what => s.differs[what]).join(', ')) : t.noMatch]
    }
    case 'unavailable':
      return [t.unavailable]
    case 'questioned':
      return [t.questioned]
    case 'deceased':
      return [t.deceased]
  }
}
