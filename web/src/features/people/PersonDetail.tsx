import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, dateTime } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { language, useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { lookUpTexts } from './admin.texts'

const READS_MESSAGES = ['clerk', 'assistant', 'privacy_officer'] as const
const CHECKS_PEOPLE = ['clerk', 'assistant'] as const

/** What the town knows of a person; opening it is noted. */
export default function PersonDetail() {
  const t = useTexts(lookUpTexts)
  const { id = '' } = useParams()
  const city = useCity()
  const { session } = useSession()
  const person = useQuery({
    queryKey: ['person', city.slug, id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/people/{id}', { params: { path: { city: city.slug, id } } })),
    staleTime: Infinity, // each reading is noted
  })
  return (
    <Loaded screen query={person}>
      {known => {
        const name = `${known.given_names} ${known.surname}`
        const atDesk = !known.email && hasAnyRole(session, city.slug, ['assistant'])
        const mine = atDesk && known.registered_by === session?.person.id
        return (
          <Page
            heading={name}
            above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/lide/hledat' }, { label: name }]} />}
            actions={
              <>
                {mine && <LinkButton look="primary" href={`/zadosti/za/${id}`}>{t.apply}</LinkButton>}
                {mine && <LinkButton href={`/lide/osoba/${id}/vouchery`}>{t.awards}</LinkButton>}
                {mine && <LinkButton href={`/lide/osoba/${id}/objednavky`}>{t.orders}</LinkButton>}
                {atDesk && !mine && <TakeOver id={id} name={name} />}
                {hasAnyRole(session, city.slug, CHECKS_PEOPLE) && <LinkButton href={`/lide/overeni/${id}`}>{t.verification}</LinkButton>}
              </>
            }
          >
            <div className="grid grid-2">
              <Card title={t.data} level={2}>
                <Facts
                  facts={[
                    { label: t.born, value: date(known.birth_date) },
                    { label: t.address, value: <>{known.address.text} <span className="small soft">({known.address.address_code ? t.fromList : t.typed})</span></> },
                    { label: t.email, value: known.email || <span className="soft">{t.notGiven}</span> },
                    { label: t.phone, value: known.phone || <span className="soft">{t.notGiven}</span> },
                    { label: t.registered, value: `${date(known.registered_at)}, ${known.registered_by ? t.atDesk : t.online}` },
                    { label: t.notice, value: t.version(known.notice_version, date(known.notice_at)) },
                  ]}
                />
              </Card>
              <Card title={t.children} level={2}>
                {known.children.length === 0 && <p className="soft">{t.noChildren}</p>}
                {mine && (
                  <div className="buttons"><LinkButton href={`/lide/osoba/${id}/dite`}>{t.addChild}</LinkButton></div>
                )}
                <Facts facts={known.children.map(child => ({ label: `${child.given_names} ${child.surname}`, value: date(child.birth_date) }))} />
              </Card>
            </div>
            {hasAnyRole(session, city.slug, READS_MESSAGES) && <Section title={t.messages}><Messages id={id} /></Section>}
          </Page>
        )
      }}
    </Loaded>
  )
}

/** Whose assistant works at the counter no more: with them before her, another one acts for them from now on. */
function TakeOver({ id, name }: { id: string; name: string }) {
  const t = useTexts(lookUpTexts)
  const city = useCity().slug
  const client = useQueryClient()
  const toast = useToast()
  const [asked, open] = useState(false)
  const act = useMutation({
    mutationFn: () => ask(api.POST('/v1/cities/{city}/people/{id}/takeover', { params: { path: { city, id } } })),
    onSuccess: async () => {
      open(false)
      toast(t.takenOver)
      await client.invalidateQueries({ queryKey: ['person', city, id] })
    },
  })
  return (
    <>
      <Button look="primary" onClick={() => open(true)}>{t.takeOver}</Button>
      <Dialog
        open={asked}
        onClose={() => open(false)}
        title={t.takeOverTitle(name)}
        actions={
          <>
            <Button autoFocus onClick={() => open(false)}>{t.keep}</Button>
            <Button look="primary" busy={act.isPending} onClick={() => act.mutate()}>{t.takeOver}</Button>
          </>
        }
      >
        {act.error ? <ProblemCallout problem={act.error} /> : t.takeOverEffect}
      </Dialog>
    </>
  )
}

function Messages({ id }: { id: string }) {
  const t = useTexts(lookUpTexts)
  const city = useCity()
  const messages = useQuery({
    queryKey: ['messages-of', city.slug, id, language()],
    queryFn: () => ask(api.GET('/v1/cities/{city}/people/{id}/messages', { params: { path: { city: city.slug, id } } })),
    staleTime: Infinity,
  })
  return (
    <Loaded query={messages}>
      {({ items }) =>
        items.length === 0
          ? <EmptyState title={t.noMessages} />
          : <CardList label={t.messages}>{items.map(one => <ListRow key={one.id} title={one.title} meta={dateTime(one.at)} />)}</CardList>
      }
    </Loaded>
  )
}
