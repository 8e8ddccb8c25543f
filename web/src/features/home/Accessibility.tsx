import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Page, Section } from '@/ui/Page'
import { ContactLinks } from '@/ui/shells/parts'
import { homeTexts } from './texts'

const ISSUED_ON = '2026-11-20'

export default function Accessibility() {
  const t = useTexts(homeTexts).accessibility
  const city = useCity()
  return (
    <Page heading={t.heading} lead={t.lead(city.name)}>
      <div className="sections text">
        <Section title={t.standardTitle}><p>{t.standard}</p></Section>
        <Section title={t.limitsTitle}><ul className="bullets">{t.limits.map(limit => <li key={limit}>{limit}</li>)}</ul></Section>
        <Section title={t.howTitle}><p>{t.how}</p></Section>
        <Section title={t.feedbackTitle}>
          <p>{t.feedback}</p>
          <div><ContactLinks contact={city.contact} /></div>
        </Section>
        <Section title={t.enforcementTitle}><p>{t.enforcement}</p></Section>
        <p className="soft">{t.madeOn(date(ISSUED_ON))}</p>
      </div>
    </Page>
  )
}
