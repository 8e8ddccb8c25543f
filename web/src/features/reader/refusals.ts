/** How a refusal looks at the till: red octagon, no value; amber triangle, not here or not now; grey clock, undecided. */
import type { Problem } from '@/lib/api/problem'
import type { Verdict } from '@/ui/shells/ReaderShell'
import type { Why } from './texts'

const KNOWN: Record<string, { verdict: Verdict; why: Why }> = {
  already_used: { verdict: 'refused', why: 'used' },
  grant_used: { verdict: 'refused', why: 'used' },
  validity_ended: { verdict: 'refused', why: 'expired' },
  voucher_blocked: { verdict: 'refused', why: 'blocked' },
  code_replaced: { verdict: 'refused', why: 'replaced' },
  grant_suspended: { verdict: 'refused', why: 'suspended' },
  grant_closed: { verdict: 'refused', why: 'suspended' },
  voucher_unknown: { verdict: 'refused', why: 'unknown' },
  not_accepted_here: { verdict: 'elsewhere', why: 'elsewhere' },
  not_yet_valid: { verdict: 'elsewhere', why: 'early' },
  below_min_price: { verdict: 'elsewhere', why: 'cheap' },
  credit_too_small: { verdict: 'elsewhere', why: 'short' },
  above_price: { verdict: 'elsewhere', why: 'short' },
  code_mistyped: { verdict: 'elsewhere', why: 'mistyped' },
  undo_too_late: { verdict: 'elsewhere', why: 'late' },
  already_paid_out: { verdict: 'elsewhere', why: 'late' },
  frozen: { verdict: 'elsewhere', why: 'frozen' },
  day_limit_reached: { verdict: 'elsewhere', why: 'dayLimit' },
  category_limit_reached: { verdict: 'elsewhere', why: 'categoryLimit' },
  provider_limit_reached: { verdict: 'elsewhere', why: 'providerLimit' },
  no_answer: { verdict: 'undecided', why: 'offline' },
  too_many_tries: { verdict: 'undecided', why: 'tries' },
  till_revoked: { verdict: 'undecided', why: 'unpaired' },
}

export function shownAs(problem: Problem): { verdict: Verdict; why: Why } {
  if (problem.code === 'frozen' && problem.facts['what'] === 'till') return { verdict: 'elsewhere', why: 'frozenTill' }
  return KNOWN[problem.code] ?? { verdict: 'undecided', why: 'ours' }
}
