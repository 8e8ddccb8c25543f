import type { ReactNode } from 'react'
import { useTexts } from '@/lib/texts'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { settingsTexts } from './admin.texts'

/** The frame of every part of the settings. */
export function SettingsPage({ lead, children }: { lead?: string; children: ReactNode }) {
  const t = useTexts(settingsTexts)
  const tabs = [
    { href: '/nastaveni', label: t.tabs.town },
    { href: '/nastaveni/vzhled', label: t.tabs.look },
    { href: '/nastaveni/lide', label: t.tabs.staff },
    { href: '/nastaveni/systemy', label: t.tabs.machines },
    { href: '/nastaveni/pouceni', label: t.tabs.notice },
    { href: '/nastaveni/regina', label: t.tabs.regina },
  ]
  return (
    <Page heading={t.heading} lead={lead}>
      <Tabs label={t.tabs.label} tabs={tabs} />
      {children}
    </Page>
  )
}
