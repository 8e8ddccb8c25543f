import type { Routes } from '@/lib/routes'
import { routes as account } from './routes.provider'

const READS_PEOPLE = ['clerk', 'assistant', 'programme_owner', 'privacy_officer'] as const
const ADMIN = ['admin'] as const

export const routes: Routes = [
  { path: '/lide/hledat', load: () => import('./LookUp'), roles: READS_PEOPLE },
  { path: '/lide/novy', load: () => import('./DeskRegistration'), roles: ['assistant'] },
  { path: '/lide/osoba/:id', load: () => import('./PersonDetail'), roles: READS_PEOPLE },
  { path: '/lide/osoba/:id/dite', load: () => import('./DeskChild'), roles: ['assistant'] },
  { path: '/lide/nahledy', load: () => import('./Accesses'), roles: ['auditor', 'privacy_officer'] },
  { path: '/nastaveni', load: () => import('./Settings'), roles: ADMIN },
  { path: '/nastaveni/vzhled', load: () => import('./SettingsLook'), roles: ADMIN },
  { path: '/nastaveni/lide', load: () => import('./SettingsStaff'), roles: ADMIN },
  { path: '/nastaveni/systemy', load: () => import('./SettingsMachines'), roles: ADMIN },
  { path: '/nastaveni/pouceni', load: () => import('./SettingsNotice'), roles: ADMIN },
  { path: '/pozvanka', load: () => import('./Invitation'), open: true, bare: true },
  ...account,
]
