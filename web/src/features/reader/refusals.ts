/**
 * How a refusal looks at the till: red octagon, no value; amber triangle, not here or not now; grey clock, undecided.
 *
 * A check moves nothing, so whatever it hears, nothing was debited. Of a redemption or a taking back that ended otherwise
 * than by one of these codes nobody knows how it ended, and it is called unknown.
 */
import type { Problem } from '@/lib/api/problem'
import { dateTime, money } from '@/lib/format'
import type { Verdict } from '@/ui/shells/ReaderShell'
import type { Outcome } from './pending'
import type { ReaderTexts, Why, WhyNotBack } from './texts'

export interface Shown<W> {
  verdict: Verdict
  why: W
}

/** Of the voucher itself: the same for a check and a redemption. */
const OF_VOUCHER: Record<string, Shown<Why>> = {
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
  code_mistyped: { verdict: 'elsewhere', why: 'mistyped' },
  frozen: { verdict: 'elsewhere', why: 'frozen' },
}

export const CHECKED: Record<string, Shown<Why>> = {
  ...OF_VOUCHER,
  no_answer: { verdict: 'undecided', why: 'offline' },
  till_revoked: { verdict: 'undecided', why: 'unpaired' },
}

export const REDEEMED: Record<string, Shown<Why>> = {
  ...OF_VOUCHER,
  account_unknown: { verdict: 'refused', why: 'unknown' },
  below_min_price: { verdict: 'elsewhere', why: 'cheap' },
  credit_too_small: { verdict: 'elsewhere', why: 'short' },
  above_price: { verdict: 'elsewhere', why: 'short' },
  amount_out_of_range: { verdict: 'elsewhere', why: 'short' },
  day_limit_reached: { verdict: 'elsewhere', why: 'dayLimit' },
  category_limit_reached: { verdict: 'elsewhere', why: 'categoryLimit' },
  provider_limit_reached: { verdict: 'elsewhere', why: 'providerLimit' },
  key_used_for_other_request: { verdict: 'elsewhere', why: 'otherRequest' },
  not_kept: { verdict: 'undecided', why: 'notKept' },
}

/** Codes of a redemption after which its end is not known yet: it is asked for again. */
export const UNSETTLED = ['till_revoked', 'made_by_another_till', 'changed_meanwhile'] as const

export const TAKEN_BACK: Record<string, Shown<WhyNotBack>> = {
  undo_too_late: { verdict: 'elsewhere', why: 'late' },
  already_paid_out: { verdict: 'elsewhere', why: 'paidOut' },
  not_reversible: { verdict: 'elsewhere', why: 'notReversible' },
  grant_closed: { verdict: 'elsewhere', why: 'closed' },
  frozen: { verdict: 'elsewhere', why: 'frozen' },
  redemption_unknown: { verdict: 'undecided', why: 'notFound' },
  transfer_not_found: { verdict: 'undecided', why: 'notFound' },
  till_revoked: { verdict: 'undecided', why: 'unpaired' },
}

/** Why a check said no. */
export const checkedAs = (problem: Problem): Shown<Why> => atFrozenTill(problem) ?? CHECKED[problem.code] ?? { verdict: 'undecided', why: 'ours' }

/** Why a redemption was refused. */
export const redeemedAs = (problem: Problem): Shown<Why> => atFrozenTill(problem) ?? REDEEMED[problem.code] ?? { verdict: 'undecided', why: 'unsure' }

/** Why a redemption stays; null where nobody knows whether it does. */
export const takenBackAs = (problem: Problem): Shown<WhyNotBack> | null => (problem.isUncertain ? null : TAKEN_BACK[problem.code] ?? null)

/** Whether a redemption surely moved nothing. */
export const isSettled = (problem: Problem): boolean => !problem.isUncertain && problem.code in REDEEMED

/** Why the end of a redemption is not known yet. */
export function inDoubtBy(problem: Problem): 'offline' | 'unpaired' | 'ours' {
  if (problem.code === 'till_revoked') return 'unpaired'
  return problem.code === 'no_answer' ? 'offline' : 'ours'
}

const atFrozenTill = (problem: Problem): Shown<Why> | null =>
  problem.code === 'frozen' && problem.facts['what'] === 'till' ? { verdict: 'elsewhere', why: 'frozenTill' } : null

/** How one that waited ended, in a sentence or two. */
export function told(outcome: Outcome, t: ReaderTexts): string {
  if (outcome.kind === 'paid') {
    const { amount_minor, receipt_number, undone_at } = outcome.receipt
    const [title, why] = undone_at ? [t.undone.title(money(amount_minor)), ` ${t.undone.since(dateTime(undone_at))}`] : [t.paid.title(money(amount_minor)), '']
    return `${title}, ${t.today.receipt(receipt_number)}.${why}`
  }
  if (outcome.kind === 'unknown') return t.waiting.title
  const { title, text, now } = outcome.kind === 'refused' ? t.why[redeemedAs(outcome.problem).why] : t.ended[outcome.kind]
  return `${title}. ${text} ${now}`
}
