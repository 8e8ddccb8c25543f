import '@/ui/styles/all.css'
import { useMemo, type ReactNode } from 'react'
import account from '~icon/person-gear'
import bell from '~icon/envelope'
import collection from '~icon/collection'
import files from '~icon/file-earmark-text'
import house from '~icon/house-door'
import money from '~icon/receipt'
import people from '~icon/people'
import ticket from '~icon/ticket-perforated'
import activity from '~icon/bicycle'
import { TownsOf } from '@/features/home/Towns'
import type { City } from '@/lib/city'
import { useSession } from '@/lib/session'
import { texts, useTexts } from '@/lib/texts'
import { MojeShell } from '@/ui/shells/MojeShell'
import { mount } from '../shared/mount'
import { navOf } from '../shared/nav'
import { Town } from '../shared/Town'
import { routes } from './routes'

const t$ = texts({
  cs: {
    overview: 'Přehled', programmes: 'Programy', applications: 'Žádosti', vouchers: 'Kredit a vouchery', vouchersShort: 'Vouchery',
    messages: 'Zprávy', offer: 'Nabídka', household: 'Domácnost', charges: 'Platby městu', account: 'Účet',
  },
  en: {
    overview: 'Overview', programmes: 'Programmes', applications: 'Applications', vouchers: 'Credit and vouchers', vouchersShort: 'Vouchers',
    messages: 'Messages', offer: 'Activities', household: 'Household', charges: 'Payments to the town', account: 'Account',
  },
})

function Shell({ city, children }: { city: City; children: ReactNode }) {
  const t = useTexts(t$)
  const { session } = useSession()
  const items = useMemo(
    () =>
      navOf(
        [
          { href: '/', label: t.overview, icon: house, phone: true },
          { href: '/programy', label: t.programmes, icon: collection, phone: true },
          { href: '/zadosti', label: t.applications, icon: files },
          { href: '/vouchery', label: t.vouchers, short: t.vouchersShort, icon: ticket, phone: true },
          { href: '/zpravy', label: t.messages, icon: bell, phone: true },
          { href: '/nabidka', label: t.offer, icon: activity, aside: true },
          { href: '/platby', label: t.charges, icon: money, aside: true },
          { href: '/domacnost', label: t.household, icon: people, aside: true },
          { href: '/ucet', label: t.account, icon: account, aside: true },
        ],
        routes,
      ),
    [t],
  )
  return session && <MojeShell city={city} session={session} items={items}>{children}</MojeShell>
}

const side = { at: '', routes, Shell }
const Landing = () => <TownsOf app="moje" />

mount('moje', () => <Town app="moje" sideAt={() => side} Landing={Landing} />)
