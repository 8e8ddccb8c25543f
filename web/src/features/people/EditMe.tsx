import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { accountTexts } from './account.texts'
import { meQuery, useHouseholdActs } from './calls'
import { PersonForm, type PersonFilled } from './PersonForm'

export default function EditMe() {
  const t = useTexts(accountTexts)
  const city = useCity()
  const me = useQuery(meQuery(city.slug))
  const { amendMe } = useHouseholdActs(city.slug)
  const [, go] = useLocation()
  const toast = useToast()
  const send = async (v: number, changed: PersonFilled) => {
    await amendMe(v, changed)
    toast(t.saved)
    go('/ucet')
  }
  return (
    <Page heading={t.editHeading} lead={t.editLead} above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/ucet' }, { label: t.editHeading }]} />}>
      <Loaded query={me}>
        {({ v, given_names, surname, birth_date, address, phone, language }) => (
          <PersonForm key={v} start={{ given_names, surname, birth_date, address, phone, language: language === 'en' ? 'en' : 'cs' }} submit={t.save} send={changed => send(v, changed)} />
        )}
      </Loaded>
    </Page>
  )
}
