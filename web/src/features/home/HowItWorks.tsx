import { useTexts } from '@/lib/texts'
import { Card } from '@/ui/Card'
import { Page, Section } from '@/ui/Page'
import { homeTexts } from './texts'

export default function HowItWorks() {
  const t = useTexts(homeTexts).how
  return (
    <Page heading={t.heading} lead={t.lead}>
      <div className="grid grid-3">
        {t.roles.map(role => (
          <Card key={role.title} level={2} title={role.title}>
            <ol className="numbered">{role.steps.map(step => <li key={step}>{step}</li>)}</ol>
          </Card>
        ))}
      </div>
      <Section title={t.terms}>
        <div className="grid grid-2">
          {t.termList.map(term => <Card key={term.title} title={term.title}><p className="soft">{term.text}</p></Card>)}
        </div>
      </Section>
    </Page>
  )
}
