import type { ReactNode } from 'react'
import { useCity } from '@/lib/city'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { BOOKS, READS_ENTRIES, READS_PROOFS } from './roles'
import { bookTexts } from './texts'

interface BooksPageProps {
  heading: string
  lead: string
  actions?: ReactNode
  children: ReactNode
}

/** The frame of each part of the books. */
export function BooksPage({ heading, lead, actions, children }: BooksPageProps) {
  const t = useTexts(bookTexts)
  const city = useCity()
  const { session } = useSession()
  return (
    <Page heading={heading} lead={lead} actions={actions}>
      <Tabs
        label={t.tabs.label}
        tabs={[
          { href: '/kniha', label: t.tabs.journal, roles: READS_ENTRIES },
          { href: '/kniha/kontroly', label: t.tabs.nights, roles: READS_PROOFS },
          { href: '/kniha/zauctovani', label: t.tabs.bookings, roles: BOOKS },
          { href: '/kniha/zastaveni', label: t.tabs.freezes, roles: null },
        ].filter(({ roles }) => !roles || hasAnyRole(session, city.slug, roles))}
      />
      {children}
    </Page>
  )
}
