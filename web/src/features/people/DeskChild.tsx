import { useQueryClient } from '@tanstack/react-query'
import { useLocation, useParams } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { lookUpTexts } from './admin.texts'
import { ChildForm, type ChildFilled } from './ChildForm'

/** An assistant adds a child for somebody registered at the counter. */
export default function DeskChild() {
  const t = useTexts(lookUpTexts)
  const { id = '' } = useParams()
  const city = useCity()
  const client = useQueryClient()
  const [, go] = useLocation()
  const toast = useToast()
  const person = `/lide/osoba/${id}`
  const send = async (child: ChildFilled) => {
    await ask(api.POST('/v1/cities/{city}/people/{id}/children', { params: { path: { city: city.slug, id } }, body: { address: null, ...child } }))
    await client.invalidateQueries({ queryKey: ['person', city.slug, id] })
    toast(t.childAdded(`${child.given_names} ${child.surname}`))
    go(person)
  }
  return (
    <Page heading={t.addChild} above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/lide/hledat' }, { label: t.data, href: person }, { label: t.addChild }]} />}>
      <ChildForm submit={t.addChild} send={send} />
    </Page>
  )
}
