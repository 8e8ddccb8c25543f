/** What a feature hands to an app: its addresses, loaded only when somebody goes there. */
import type { ComponentType } from 'react'
import type { ProviderRole, Role } from './session'

export interface Route {
  /** Under the town's address, with wouter's parameters: `/zadosti/:id`. */
  path: string
  load: () => Promise<{ default: ComponentType }>
  /** Open without a sign-in (in www everything is). */
  open?: boolean
  /** Only for people with one of these roles in the town; others see a "not found". */
  roles?: readonly Role[]
  /** On a provider's side: only for those who are this there. */
  provides?: readonly ProviderRole[]
  /** Without navigation around it: a wizard, a voucher on the whole screen. */
  bare?: boolean
  /** Count beside the item of navigation that leads here; a hook. */
  useCount?: () => number | undefined
  /** Whose work the count is; others see the item without it. */
  countsFor?: readonly Role[]
}

export type Routes = readonly Route[]
