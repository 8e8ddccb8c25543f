/** What a verification asks of the person, and how it is shown: pure, so that each state is tested. */
import type { Tone } from '@/ui/Tag'
import type { Outcome, Verification } from './calls'

/** The one thing that is next for somebody of the household; `none` when there is nothing to do. */
export type Step = 'none' | 'wait' | 'come' | 'birth_place' | 'correct' | 'recover' | 'check' | 'prove' | 'document'

interface Town {
  verification: string
}

/** Whose it is decides too: only an adult proves an account, only a child has a guardian's link. */
export function stepOf(one: Verification, town: Town): Step {
  const byHand = town.verification === 'by_hand'
  switch (one.outcome) {
    case 'pending':
    case 'expired':
      return byHand ? 'come' : one.checking ? 'wait' : 'check'
    case 'unavailable':
      return 'wait'
    case 'ambiguous':
      return one.birth_place_tried ? 'come' : 'birth_place'
    case 'no_match':
      return one.duplicate ? 'recover' : 'correct'
    case 'questioned':
    case 'deceased':
      return 'come'
    case 'match_not_resident':
      return one.next_check_at ? 'wait' : 'check'
    case 'match':
      return afterMatch(one)
  }
}

function afterMatch(one: Verification): Step {
  if (one.child) return one.link?.document_wanted ? 'document' : 'none'
  return one.second_proof ? 'none' : 'prove'
}

export const TONES: Record<Outcome, Tone> = {
  pending: 'neutral',
  match: 'success',
  match_not_resident: 'info',
  ambiguous: 'warning',
  no_match: 'warning',
  questioned: 'warning',
  deceased: 'neutral',
  expired: 'warning',
  unavailable: 'neutral',
}

/** Text as the town compares names: accents, case and hyphens set aside. */
export const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim().toLowerCase()

/** Whether the registry's spelling differs from the form's only in accents, case or hyphens. */
export const isSpellingOnly = (typed: string, registered: string) => typed !== registered && folded(typed) === folded(registered)
