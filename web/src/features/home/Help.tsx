import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Accordion } from '@/ui/Accordion'
import { Card } from '@/ui/Card'
import { Page } from '@/ui/Page'
import { ContactLinks } from '@/ui/shells/parts'
import { homeTexts } from './texts'

export default function Help() {
  const t = useTexts(homeTexts).help
  const city = useCity()
  return (
    <Page heading={t.heading} lead={t.lead}>
      <div className="with-aside">
        <Accordion items={t.questions.map(({ q, a }) => ({ title: q, content: <p className="text">{a}</p> }))} />
        <Card level={2} title={t.contact}>
          <p className="soft">{t.contactText}</p>
          <div className="stack gap-1"><ContactLinks contact={city.contact} /></div>
        </Card>
      </div>
    </Page>
  )
}
