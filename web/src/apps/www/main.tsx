import '@/ui/styles/all.css'
import { useMemo, type ReactNode } from 'react'
import activity from '~icon/bicycle'
import book from '~icon/signpost-2'
import chart from '~icon/bar-chart'
import collection from '~icon/collection'
import help from '~icon/question-circle'
import news from '~icon/megaphone'
import { Towns } from '@/features/home/Towns'
import type { City } from '@/lib/city'
import { texts, useTexts } from '@/lib/texts'
import { PublicShell } from '@/ui/shells/PublicShell'
import { mount } from '../shared/mount'
import { navOf } from '../shared/nav'
import { Town } from '../shared/Town'
import { routes } from './routes'

const t$ = texts({
  cs: { programmes: 'Programy', offer: 'Nabídka', how: 'Jak to funguje', figures: 'Otevřená čísla', news: 'Novinky', help: 'Pomoc' },
  en: { programmes: 'Programmes', offer: 'Activities', how: 'How it works', figures: 'Open figures', news: 'News', help: 'Help' },
})

function Shell({ city, children }: { city: City; children: ReactNode }) {
  const t = useTexts(t$)
  const items = useMemo(
    () =>
      navOf(
        [
          { href: '/programy', label: t.programmes, icon: collection },
          { href: '/nabidka', label: t.offer, icon: activity },
          { href: '/jak-to-funguje', label: t.how, icon: book },
          { href: '/cisla', label: t.figures, icon: chart },
          { href: '/novinky', label: t.news, icon: news },
          { href: '/pomoc', label: t.help, icon: help },
        ],
        routes,
      ),
    [t],
  )
  return <PublicShell city={city} items={items}>{children}</PublicShell>
}

const side = { at: '', routes, Shell }

mount('www', () => <Town app="www" sideAt={() => side} Landing={Towns} />)
