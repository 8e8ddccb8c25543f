/**
 * How somebody of a household stands: one word of the server, one label, one sentence and one next step, the same on
 * every screen. Pure, so that each state is tested.
 */
import { queryOptions } from '@tanstack/react-query'
import { api, ask } from './api/client'
import type { components } from './api/schema'
import { date, day } from './format'
import { language, textsNow } from './texts'
import { personTexts } from './person.texts'

export type Verification = components['schemas']['VerificationShape']
export type PersonState = Verification['state']
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'error'

/** The one thing that is next; `none` when there is nothing to do, `wait` when others do it. */
export type Step = 'none' | 'wait' | 'come' | 'birth_place' | 'correct' | 'recover' | 'check' | 'prove' | 'document'

export const LOOKS: Record<PersonState, { tone: Tone; step: Step }> = {
  unchecked: { tone: 'neutral', step: 'check' },
  checking: { tone: 'neutral', step: 'wait' },
  postponed: { tone: 'neutral', step: 'wait' },
  at_desk: { tone: 'neutral', step: 'come' },
  registry_silent: { tone: 'neutral', step: 'wait' },
  birth_place: { tone: 'warning', step: 'birth_place' },
  undistinguished: { tone: 'warning', step: 'come' },
  other_account: { tone: 'warning', step: 'recover' },
  differs: { tone: 'warning', step: 'correct' },
  not_found: { tone: 'warning', step: 'correct' },
  questioned: { tone: 'warning', step: 'come' },
  deceased: { tone: 'neutral', step: 'come' },
  expired: { tone: 'warning', step: 'check' },
  other_part: { tone: 'info', step: 'check' },
  other_town: { tone: 'info', step: 'check' },
  unproved: { tone: 'success', step: 'prove' },
  verified: { tone: 'success', step: 'none' },
  link_declared: { tone: 'neutral', step: 'wait' },
  link_wanted: { tone: 'warning', step: 'document' },
  link_sent: { tone: 'neutral', step: 'wait' },
  link_second_clerk: { tone: 'neutral', step: 'wait' },
  link_refused: { tone: 'neutral', step: 'none' },
  link_ended: { tone: 'neutral', step: 'none' },
}

/** A residence elsewhere that is to be asked about again by itself leaves nothing to press. */
export function stepOf(one: Pick<Verification, 'state' | 'next_check_at'>): Step {
  return isElsewhere(one.state) && one.next_check_at ? 'wait' : LOOKS[one.state].step
}

const isElsewhere = (state: PersonState) => state === 'other_part' || state === 'other_town'

/** What is known and what follows from it. `town` is whose pages these are. */
export function sentencesOf(one: Verification, town: string): string[] {
  const t = textsNow(personTexts)
  const on = one.checked_at ? date(day(one.checked_at)) : ''
  const again = one.next_check_at ? [t.askAgainOn(date(day(one.next_check_at)))] : []
  const known = one.by_hand ? t.byHand(t.document[one.by_hand], on) : t.verified(on, one.expires_at ? date(day(one.expires_at)) : '')
  switch (one.state) {
    case 'verified':
      return [known, ...(one.official_address ? [t.officialAddress] : [])]
    case 'unproved':
      return [known, t.needsProof, ...(one.official_address ? [t.officialAddress] : [])]
    case 'other_part':
      return [t.otherPart(town, one.place), ...(again.length > 0 ? again : [t.elsewhereMore])]
    case 'other_town':
      return [t.otherTown(town, one.place), ...(again.length > 0 ? again : [t.elsewhereMore])]
    case 'differs':
      return [t.differsBy(one.differs.map(what => t.differs[what]).join(', '))]
    default:
      return [t.sentence[one.state], ...again]
  }
}

export function labelOf(one: Pick<Verification, 'state'>): string {
  return textsNow(personTexts).label[one.state]
}

/** The label within a sentence. */
export function labelInside(one: Pick<Verification, 'state'>): string {
  const label = labelOf(one)
  return label.charAt(0).toLocaleLowerCase(language()) + label.slice(1)
}

export const CHECKING_MS = 5_000

export const isBeingChecked = (one: Verification) => one.checking && !one.next_check_at

/** The person and the children in the account; asked again while the registry is. */
export const householdQuery = (city: string) =>
  queryOptions({
    queryKey: ['verifications', city],
    queryFn: () => ask(api.GET('/v1/cities/{city}/verifications', { params: { path: { city } } })),
    refetchInterval: query => (query.state.data?.items.some(isBeingChecked) ? CHECKING_MS : false),
  })
