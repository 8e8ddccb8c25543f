import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import download from '~icon/download'
import laptop from '~icon/laptop'
import phone from '~icon/phone'
import { api, ask } from '@/lib/api/client'
import { Problem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { date, dateTime } from '@/lib/format'
import { useSession } from '@/lib/session'
import { localised, useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Icon } from '@/ui/Icon'
import { Page, Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { Loaded, ProblemCallout } from '@/ui/Waiting'
import { accountTexts } from './account.texts'
import { devicesQuery, meQuery, noticeQuery, type Device, type Person } from './calls'
import Join from './Join'
import { NoticeText } from './NoticeText'

/** Who I am here, how I sign in and where, and what the town holds of me. */
export default function Account() {
  const t = useTexts(accountTexts)
  const city = useCity()
  const me = useQuery(meQuery(city.slug))
  if (me.error instanceof Problem && me.error.code === 'not_registered_here') return <Join />
  return (
    <Page heading={t.heading}>
      <Loaded query={me}>
        {person => (
          <div className="sections">
            <Section title={t.mine}><Mine person={person} /></Section>
            <SignInSection />
            <Section title={t.data}>
              <Data person={person} />
              <Seen />
            </Section>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Mine({ person }: { person: Person }) {
  const t = useTexts(accountTexts)
  return (
    <Card>
      <Facts
        facts={[
          { label: t.name, value: `${person.given_names} ${person.surname}` },
          { label: t.birthDate, value: date(person.birth_date) },
          { label: t.address, value: person.address.text },
          { label: t.phone, value: person.phone || <span className="soft">{t.phoneNone}</span> },
          { label: t.language, value: t.languages[person.language === 'en' ? 'en' : 'cs'] },
        ]}
      />
      <div className="buttons"><LinkButton href="/ucet/udaje">{t.mend}</LinkButton></div>
    </Card>
  )
}

/** Also all that staff have in the administration, where nothing is known of them but their sign-in. */
export function SignInSection() {
  const t = useTexts(accountTexts)
  return (
    <>
      <Section title={t.signIn}>
        <Card>
          <SignedInAs />
          <div className="buttons">
            <LinkButton href="/ucet/heslo">{t.changePassword}</LinkButton>
            <LinkButton href="/ucet/email">{t.changeEmail}</LinkButton>
          </div>
        </Card>
      </Section>
      <Section title={t.devices}>
        <p className="soft text">{t.devicesWhy}</p>
        <Devices />
      </Section>
    </>
  )
}

function SignedInAs() {
  const t = useTexts(accountTexts)
  const { session } = useSession()
  const person = session?.person as { name: string; email?: string } | undefined
  return <Facts facts={[{ label: t.email, value: person?.email ?? person?.name ?? '' }]} />
}

function Devices() {
  const t = useTexts(accountTexts)
  const client = useQueryClient()
  const toast = useToast()
  const devices = useQuery(devicesQuery())
  const end = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => toast(t.signedOut),
    onSettled: () => client.invalidateQueries(devicesQuery()),
  })
  return (
    <Loaded query={devices}>
      {({ items }) => (
        <>
          {end.error && <ProblemCallout problem={end.error} />}
          <CardList label={t.devices}>
            {items.map(device => <DeviceRow key={device.id} device={device} end={() => end.mutate(device.id)} />)}
          </CardList>
        </>
      )}
    </Loaded>
  )
}

function DeviceRow({ device, end }: { device: Device; end: () => void }) {
  const t = useTexts(accountTexts)
  const name = device.device || t.unknownDevice
  const app = t.app[device.app as keyof typeof t.app]
  return (
    <ListRow
      start={<span className="round"><Icon of={/Android|iPhone|iPad/.test(device.device) ? phone : laptop} size={18} /></span>}
      title={name}
      meta={`${app}. ${t.lastUsed(dateTime(device.used_at))}`}
      aside={
        device.current
          ? <Tag tone="success">{t.thisDevice}</Tag>
          : <Button look="quiet" aria-label={t.signOutWhich(name)} onClick={end}>{t.signOutDevice}</Button>
      }
    />
  )
}

function Data({ person }: { person: Person }) {
  const t = useTexts(accountTexts)
  const city = useCity()
  const [isReading, setReading] = useState(false)
  const isOld = person.notice_version < city.notice_version
  return (
    <div className="grid grid-2">
      <Card title={t.notice}>
        <p className="soft">{t.noticeSeen(person.notice_version, date(person.notice_at))}</p>
        {isOld && <div><Tag tone="info">{t.noticeNewer(city.notice_version)}</Tag></div>}
        <p className="soft">{t.noConsents}</p>
        <div className="buttons"><Button onClick={() => setReading(true)}>{t.readNotice}</Button></div>
        <NoticeDialog open={isReading} close={() => setReading(false)} />
      </Card>
      <Card title={t.export}>
        <p className="soft">{t.exportWhy}</p>
        <DownloadExport />
      </Card>
    </div>
  )
}

/** A person may know who of the town looked at them. */
function Seen() {
  const t = useTexts(accountTexts)
  const city = useCity()
  const seen = useQuery({
    queryKey: ['accesses', city.slug],
    queryFn: () => ask(api.GET('/v1/cities/{city}/people/me/accesses', { params: { path: { city: city.slug } } })),
  })
  return (
    <Card title={t.seen}>
      <p className="soft">{t.seenWhy}</p>
      <Loaded query={seen}>
        {({ items }) =>
          items.length === 0
            ? <p>{t.seenNobody}</p>
            : <Facts facts={items.map(one => ({ label: dateTime(one.at), value: `${one.by_name || t.someone}: ${t.seenAction[one.action as keyof typeof t.seenAction]}` }))} />
        }
      </Loaded>
    </Card>
  )
}

function NoticeDialog({ open, close }: { open: boolean; close: () => void }) {
  const t = useTexts(accountTexts)
  const notice = useQuery({ ...noticeQuery(useCity().slug), enabled: open })
  return (
    <Dialog open={open} onClose={close} title={t.noticeHeading}>
      <Loaded query={notice}>{({ cs, en }) => <NoticeText {...localised({ cs, en })} />}</Loaded>
    </Dialog>
  )
}

function DownloadExport() {
  const t = useTexts(accountTexts)
  const city = useCity()
  const save = useMutation({
    mutationFn: () => ask(api.GET('/v1/cities/{city}/people/me/export', { params: { path: { city: city.slug } } })),
    onSuccess: ({ parts }) => saveFile(`${city.slug}.json`, JSON.stringify(parts, null, 2)),
  })
  return (
    <>
      {save.error && <ProblemCallout problem={save.error} />}
      <div className="buttons"><Button icon={download} busy={save.isPending} onClick={() => save.mutate()}>{t.download}</Button></div>
    </>
  )
}

function saveFile(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
