import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { localised, useTexts } from '@/lib/texts'
import { Accordion } from '@/ui/Accordion'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { lookUpTexts } from './admin.texts'
import { noticeQuery } from './calls'
import { NoticeText } from './NoticeText'
import { PersonForm, type PersonFilled } from './PersonForm'

/** An assistant registers somebody who has no e-mail. */
export default function DeskRegistration() {
  const t = useTexts(lookUpTexts)
  const city = useCity()
  const notice = useQuery(noticeQuery(city.slug))
  const [, go] = useLocation()
  const toast = useToast()
  const send = async (filled: PersonFilled, notice_version: number) => {
    const made = await ask(api.POST('/v1/cities/{city}/people', { params: { path: { city: city.slug } }, body: { ...filled, language: 'cs', notice_version } }))
    toast(t.deskDone(`${made.given_names} ${made.surname}`))
    go(`/lide/osoba/${made.id}`)
  }
  return (
    <Page heading={t.deskHeading} lead={t.deskLead} above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/lide/hledat' }, { label: t.deskHeading }]} />}>
      <Loaded query={notice}>
        {({ version, cs, en }) => (
          <>
            <div className="narrow"><Accordion items={[{ title: t.deskNotice, content: <NoticeText {...localised({ cs, en })} /> }]} /></div>
            <PersonForm own={false} submit={t.deskSubmit} send={filled => send(filled, version)} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
