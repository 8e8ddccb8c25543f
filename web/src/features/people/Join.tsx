import { useQuery } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import { renew } from '@/lib/session'
import { localised, useLanguage, useTexts } from '@/lib/texts'
import { Card } from '@/ui/Card'
import { Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { accountTexts } from './account.texts'
import { noticeQuery, useHouseholdActs } from './calls'
import { NoticeText } from './NoticeText'
import { PersonForm, type PersonFilled } from './PersonForm'
import './registration.css'

/** Somebody with a sign-in who has no record in this town yet. */
export default function Join() {
  const t = useTexts(accountTexts)
  const city = useCity()
  const language = useLanguage()
  const notice = useQuery(noticeQuery(city.slug))
  const { join } = useHouseholdActs(city.slug)
  const toast = useToast()
  const send = async (filled: PersonFilled, version: number) => {
    await join({ ...filled, language: language === 'en' ? 'en' : 'cs', notice_version: version })
    await renew() // the sign-in now carries the role in this town
    toast(t.joined)
  }
  return (
    <Page heading={t.joinHeading(city.name)} lead={t.joinLead}>
      <Loaded query={notice}>
        {({ version, cs, en }) => (
          <>
            <div className="notice-box"><Card title={t.noticeHeading} level={2}><NoticeText {...localised({ cs, en })} /></Card></div>
            <PersonForm submit={t.join} send={filled => send(filled, version)} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
