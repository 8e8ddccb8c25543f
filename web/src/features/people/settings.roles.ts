/** Roles at the town hall, and which of them may not meet in one person. */
import type { components } from '@/lib/api/schema'

export type StaffRole = components['schemas']['StaffRole']

export const ROLES: readonly StaffRole[] = [
  'admin', 'programme_owner', 'clerk', 'assistant', 'authorising_officer', 'budget_officer', 'chief_accountant', 'auditor', 'privacy_officer',
]

/** Act 320/2001 § 26: who approves a payment cannot also confirm that there is money for it. */
export const clash = (roles: readonly string[]) =>
  roles.includes('authorising_officer') && (roles.includes('budget_officer') || roles.includes('chief_accountant'))
