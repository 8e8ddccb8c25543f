import './offers.css'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { useCity, useProviderHere } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Card } from '@/ui/Card'
import { Breadcrumbs, Page } from '@/ui/Page'
import { ownOfferKey } from './calls'
import { Description, type Described } from './Description'
import { providerTexts } from './provider.texts'

/** A draft; sessions come next, on its own screen. */
export default function NewActivity() {
  const t = useTexts(providerTexts)
  const city = useCity()
  const provider = useProviderHere()
  const client = useQueryClient()
  const [, go] = useLocation()
  const create = async (described: Described) => {
    const made = await ask(api.POST('/v1/cities/{city}/activities', { params: { path: { city: city.slug } }, body: { ...described, provider: provider.id } }))
    await client.invalidateQueries({ queryKey: ownOfferKey(city.slug, provider.id) })
    go(`/nabidka/${made.id}`)
  }
  return (
    <Page heading={t.newActivity} lead={t.newLead} above={<Breadcrumbs crumbs={[{ label: t.offer, href: '/nabidka' }, { label: t.newActivity }]} />}>
      <div className="narrow-form"><Card><Description verb={t.create} send={create} /></Card></div>
    </Page>
  )
}
