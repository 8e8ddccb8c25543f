import building from '~icon/building'
import person from '~icon/person-circle'
import { appHref, useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { CardList } from '@/ui/Card'
import { Icon } from '@/ui/Icon'
import { Page } from '@/ui/Page'
import { homeTexts } from './texts'

export default function WhereToSignIn() {
  const t = useTexts(homeTexts).where
  const city = useCity()
  const doors = [
    { href: appHref('moje', city.slug), icon: person, title: t.citizen, text: t.citizenText },
    { href: appHref('admin', city.slug), icon: building, title: t.work, text: t.workText },
  ]
  return (
    <Page heading={t.heading} lead={t.lead}>
      <div className="form stack">
        <CardList>
          {doors.map(door => (
            <li key={door.href} className="list-row" data-link>
              <span className="round" data-tone="accent"><Icon of={door.icon} /></span>
              <div className="list-row-body">
                <div className="strong"><a className="cover-link" href={door.href}>{door.title}</a></div>
                <div className="small soft">{door.text}</div>
              </div>
            </li>
          ))}
        </CardList>
        <p>{t.noAccount} <a href={appHref('www', city.slug, '/registrace')}>{t.register}</a></p>
      </div>
    </Page>
  )
}
