import { useQuery } from '@tanstack/react-query'
import { appHref, citiesQuery } from '@/lib/city'
import type { App } from '@/lib/session'
import { byCzech } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { CardList } from '@/ui/Card'
import { Page } from '@/ui/Page'
import { Arms, LanguageSwitch } from '@/ui/shells/parts'
import { EmptyState, Loaded } from '@/ui/Waiting'
import './towns.css'
import { townsTexts } from './towns.texts'

export function Towns() {
  return <TownsOf app="www" />
}

/** One installation serves many towns: which one? Asked only where the address does not say. */
export function TownsOf({ app }: { app: App }) {
  const t = useTexts(townsTexts)
  const cities = useQuery(citiesQuery)
  return (
    <main id="content" className="container main towns">
      <Page heading={t.heading} lead={t.lead}>
        <Loaded query={cities}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t.none}>{t.noneWhy}</EmptyState>
            ) : (
              <CardList>
                {[...items].sort((a, b) => byCzech(a.name, b.name)).map(city => (
                  <li key={city.slug} className="list-row" data-link ref={row => row?.style.setProperty('--town', city.colour)}>
                    <Arms city={city} />
                    <div className="list-row-body strong"><a className="cover-link" href={appHref(app, city.slug)}>{city.name}</a></div>
                  </li>
                ))}
              </CardList>
            )
          }
        </Loaded>
        <LanguageSwitch />
      </Page>
    </main>
  )
}
