/** Who may do what with the books, as the API has it. */
import type { Role } from '@/lib/session'

const FINANCE = ['authorising_officer', 'budget_officer', 'chief_accountant'] as const

export const READS_ENTRIES: readonly Role[] = ['auditor']
export const READS_PROOFS: readonly Role[] = ['admin', 'auditor', ...FINANCE]
export const BOOKS: readonly Role[] = ['auditor', ...FINANCE]
export const PROVES: readonly Role[] = ['admin', 'auditor', 'chief_accountant']
export const FREEZES: readonly Role[] = ['admin', ...FINANCE]
export const LETS_GO: readonly Role[] = ['admin']
