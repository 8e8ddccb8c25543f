import './offers.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import copy from '~icon/copy'
import plus from '~icon/plus-lg'
import calendar from '~icon/calendar-week'
import { api, ask, ifMatch } from '@/lib/api/client'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useCity, useProviderHere } from '@/lib/city'
import { date, day, money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { offerKey, ownActivityQuery, ownOfferKey, versionOf, type Activity, type Session } from './calls'
import { Description, type Described } from './Description'
import { Participants } from './Participants'
import { providerTexts } from './provider.texts'
import { ReasonDialog } from './ReasonDialog'
import { SessionDialog } from './SessionDialog'
import { wordTexts } from './texts'
import { ActivityTag, span } from './words'

/** An activity for its provider: state, sessions with places, description. */
export default function OwnActivity() {
  const city = useCity()
  const provider = useProviderHere()
  const { id } = useParams<{ id: string }>()
  const activity = useQuery(ownActivityQuery(city.slug, provider.id, id!))
  return <Loaded screen query={activity}>{data => <Editor activity={data} />}</Loaded>
}

/** Writes the answer where the screen reads it, and lets the lists be read again. */
export function useSaved() {
  const city = useCity()
  const provider = useProviderHere()
  const client = useQueryClient()
  return async (activity: Activity) => {
    client.setQueryData(ownActivityQuery(city.slug, provider.id, activity.id).queryKey, activity)
    await Promise.all([
      client.invalidateQueries({ queryKey: ownOfferKey(city.slug, provider.id), exact: true }),
      client.invalidateQueries({ queryKey: offerKey(city.slug) }),
    ])
  }
}

function Editor({ activity }: { activity: Activity }) {
  const t = useTexts(providerTexts)
  const city = useCity()
  const toast = useToast()
  const saved = useSaved()
  const isOwner = useProviderHere().role === 'owner'
  const describe = async (described: Described) => {
    const path = { city: city.slug, id: activity.id }
    await saved(await ask(api.PATCH('/v1/cities/{city}/activities/{id}', { params: { path, header: ifMatch(versionOf(activity)) }, body: described })))
    toast(t.savedToast)
  }
  return (
    <Page
      heading={activity.title.cs}
      tag={<ActivityTag state={activity.state} />}
      above={<Breadcrumbs crumbs={[{ label: t.offer, href: '/nabidka' }, { label: activity.title.cs }]} />}
      actions={isOwner && <StateButtons activity={activity} />}
    >
      <Sessions activity={activity} isOwner={isOwner} />
      {isOwner && (
        <Section title={t.description}>
          <div className="narrow-form"><Card><Description key={activity.v} activity={activity} verb={t.save} send={describe} /></Card></div>
        </Section>
      )}
    </Page>
  )
}

function StateButtons({ activity }: { activity: Activity }) {
  const t = useTexts(providerTexts)
  const city = useCity()
  const toast = useToast()
  const saved = useSaved()
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const path = { city: city.slug, id: activity.id }
  const isPublished = activity.state === 'published'
  const act = async (what: () => Promise<Activity>, done: string) => {
    setBusy(true)
    setProblem(null)
    try {
      const made = await what()
      await saved(made)
      toast(done)
      if (made.id !== activity.id) go(`/nabidka/${made.id}`)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    } finally {
      setBusy(false)
    }
  }
  const setState = (state: Activity['state']) => ask(api.POST('/v1/cities/{city}/activities/{id}/state', { params: { path }, body: { state } }))
  const duplicate = () => ask(api.POST('/v1/cities/{city}/activities/{id}/copy', { params: { path } }))
  return (
    <div className="stack gap-2">
      <div className="buttons">
        {isPublished ? (
          <Button look="neutral" busy={busy} onClick={() => void act(() => setState('withdrawn'), t.withdrawnToast)}>{t.withdraw}</Button>
        ) : (
          <Button look="primary" busy={busy} onClick={() => void act(() => setState('published'), t.publishedToast)}>{t.publish}</Button>
        )}
        <Button look="neutral" icon={copy} busy={busy} onClick={() => void act(duplicate, t.copiedToast)}>{t.copy}</Button>
      </div>
      {problem && <ProblemCallout problem={problem} />}
    </div>
  )
}

const isOver = (session: Session) => session.ends_on < day()
const comingFirst = (sessions: readonly Session[]) => [...sessions.filter(session => !isOver(session)), ...sessions.filter(isOver).toReversed()]

type Open = { what: 'edit' | 'cancel' | 'participants'; session: Session } | { what: 'add' } | null

function Sessions({ activity, isOwner }: { activity: Activity; isOwner: boolean }) {
  const t = useTexts(providerTexts)
  const city = useCity()
  const toast = useToast()
  const saved = useSaved()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const cancel = async (session: Session, reason: string) => {
    const path = { city: city.slug, id: activity.id, line: session.id }
    await saved(await ask(api.POST('/v1/cities/{city}/activities/{id}/sessions/{line}/cancellation', { params: { path }, body: { reason } })))
    close()
    toast(t.sessionCancelledToast)
  }
  const add = isOwner && <Button look="secondary" icon={plus} onClick={() => setOpen({ what: 'add' })}>{t.addSession}</Button>
  return (
    <Section title={t.sessions} aside={activity.sessions.length > 0 && add}>
      <DataTable
        caption={t.sessions}
        list={{ data: { items: comingFirst(activity.sessions) }, error: null, refetch: () => undefined }}
        rowKey={session => session.id}
        columns={useColumns(isOwner, setOpen)}
        empty={<EmptyState icon={calendar} title={t.noSessions} action={add}>{t.noSessionsWhy}</EmptyState>}
      />
      {open?.what === 'add' && <SessionDialog activity={activity} onClose={close} />}
      {open?.what === 'edit' && <SessionDialog activity={activity} session={open.session} onClose={close} />}
      {open?.what === 'participants' && <Participants session={open.session} onClose={close} />}
      {open?.what === 'cancel' && (
        <ReasonDialog
          open
          onClose={close}
          title={t.cancelSessionTitle}
          effect={t.cancelSessionEffect(open.session.capacity - open.session.places)}
          verb={t.cancelSession}
          send={reason => cancel(open.session, reason)}
        />
      )}
    </Section>
  )
}

function useColumns(isOwner: boolean, open: (what: Open) => void): Column<Session>[] {
  const t = useTexts(providerTexts)
  const words = useTexts(wordTexts)
  return [
    {
      key: 'when',
      head: t.when,
      phone: 'title',
      cell: session => (
        <>
          <span className="strong">{span(session)}</span>
          <div className="small soft">{[session.times, session.moved_from && t.moved(date(session.moved_from))].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    {
      key: 'places',
      head: t.places,
      cell: session => (session.state === 'cancelled' ? <Tag tone="neutral">{t.cancelledSession}</Tag> : words.placesOf(session.places, session.capacity)),
    },
    { key: 'until', head: t.orderUntil, cell: session => date(session.order_until) },
    { key: 'price', head: t.price, end: true, phone: 'aside', cell: session => money(session.price_minor, 'always') },
    {
      key: 'do',
      head: t.edit,
      phone: 'plain',
      cell: session => (
        <div className="row gap-2">
          <Button size="s" look="quiet" onClick={() => open({ what: 'participants', session })} aria-label={`${t.participants}: ${span(session)}`}>{t.participants}</Button>
          {isOwner && session.state === 'open' && !isOver(session) && (
            <Button size="s" look="quiet" onClick={() => open({ what: 'edit', session })} aria-label={`${t.edit}: ${span(session)}`}>{t.edit}</Button>
          )}
          {isOwner && session.state === 'open' && session.starts_on > day() && (
            <Button size="s" look="danger-quiet" onClick={() => open({ what: 'cancel', session })} aria-label={`${t.cancelSession}: ${span(session)}`}>{t.cancelSession}</Button>
          )}
        </div>
      ),
    },
  ]
}
