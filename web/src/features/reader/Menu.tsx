import { Link } from 'wouter'
import person from '~icon/person'
import gear from '~icon/gear'
import list from '~icon/list-check'
import qr from '~icon/qr-code-scan'
import { useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { Frame } from './Frame'
import { readerTexts } from './texts'

export default function Menu() {
  const t = useTexts(readerTexts)
  const items = [
    { href: '/', icon: qr, label: t.scan.heading },
    { href: '/dnes', icon: list, label: t.today.heading },
    { href: '/pokladnik', icon: person, label: t.cashier.heading },
    { href: '/nastaveni', icon: gear, label: t.settings.heading },
  ]
  return (
    <Frame title={t.menu} isAside>
      <h1>{t.menu}</h1>
      <nav aria-label={t.menu}>
        <ul className="reader-menu">
          {items.map(({ href, icon, label }) => (
            <li key={href}><Link href={href}><Icon of={icon} size={24} />{label}</Link></li>
          ))}
        </ul>
      </nav>
    </Frame>
  )
}
