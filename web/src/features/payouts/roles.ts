import type { Role } from '@/lib/session'

export const READERS: readonly Role[] = ['authorising_officer', 'budget_officer', 'chief_accountant', 'auditor']
/** Who looks at the control sample. */
export const LOOKERS: readonly Role[] = ['clerk', 'programme_owner']
/** Who answers disputes. */
export const ANSWERERS: readonly Role[] = ['clerk', 'programme_owner', 'authorising_officer']
export const FINANCE: readonly Role[] = ['authorising_officer', 'budget_officer', 'chief_accountant']
/** Who moves money that a payout has moved already. */
export const MOVERS: readonly Role[] = ['budget_officer', 'chief_accountant']
