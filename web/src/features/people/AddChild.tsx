import { useLocation } from 'wouter'
import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { useHouseholdActs } from './calls'
import { ChildForm, type ChildFilled } from './ChildForm'
import { familyTexts } from './household.texts'

export default function AddChild() {
  const t = useTexts(familyTexts)
  const city = useCity()
  const { addChild } = useHouseholdActs(city.slug)
  const [, go] = useLocation()
  const toast = useToast()
  const send = async (child: ChildFilled) => {
    await addChild(child)
    toast(t.added(`${child.given_names} ${child.surname}`))
    go('/domacnost')
  }
  return (
    <Page heading={t.addHeading} lead={t.addLead} above={<Breadcrumbs crumbs={[{ label: t.household, href: '/domacnost' }, { label: t.addHeading }]} />}>
      <ChildForm submit={t.add} send={send} />
      <p className="soft text">{t.whatNext}</p>
    </Page>
  )
}
