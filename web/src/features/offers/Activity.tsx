import './offers.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import * as v from 'valibot'
import { useParams } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { appHref, useCity } from '@/lib/city'
import { date, deadline, money } from '@/lib/format'
import { useForm } from '@/lib/form'
import { useOperation } from '@/lib/operation'
import type { App } from '@/lib/session'
import { localised, useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { Button, LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { DecisionPanel } from '@/ui/DecisionPanel'
import { ChoiceCards, RadioGroup } from '@/ui/Field'
import { OperationNotice } from '@/ui/OperationNotice'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Loaded } from '@/ui/Waiting'
import { activityQuery, grantsKey, grantsQuery, offerKey, ordersKey, quotesKey, quotesQuery, type Activity as Offered, type NewOrder, type Order, type Quote, type Session } from './calls'
import { wordTexts } from './texts'
import { useOfferTexts } from './desk.texts'
import { PlacesTag, span } from './words'

/** An activity with its sessions; who is signed in sees the price split and pays. */
export function ActivityScreen({ app }: { app: App }) {
  const t = useOfferTexts()
  const city = useCity()
  const { id } = useParams<{ id: string }>()
  const { at } = useWhose()
  const activity = useQuery(activityQuery(city.slug, id!))
  return (
    <Loaded screen query={activity}>
      {page => {
        const title = localised(page.activity.title)
        return (
          <Page
            heading={<span lang={title.lang}>{title.text}</span>}
            title={title.text}
            lead={page.activity.provider_name}
            above={<Breadcrumbs crumbs={[{ label: t.heading, href: `${at}/nabidka` }, { label: title.text }]} />}
          >
            <Body key={id} app={app} activity={page.activity} facts={<ProviderFacts page={page} />} />
          </Page>
        )
      }}
    </Loaded>
  )
}

function ProviderFacts({ page }: { page: { activity: Offered; address: string; provider_phone: string; provider_web: string } }) {
  const t = useOfferTexts()
  const words = useTexts(wordTexts)
  const { activity } = page
  const facts = [
    { label: t.forWhom, value: words.ages(activity.age_from, activity.age_to) },
    { label: t.form, value: `${words.forms[activity.form]} · ${words.categories[activity.category]}` },
    { label: t.place, value: activity.place },
    ...(page.address && page.address !== activity.place ? [{ label: t.address, value: page.address }] : []),
    ...(activity.bring ? [{ label: t.bring, value: activity.bring }] : []),
    { label: t.provider, value: activity.provider_name },
    ...(page.provider_phone ? [{ label: t.contact, value: <a href={`tel:${page.provider_phone.replaceAll(' ', '')}`}>{page.provider_phone}</a> }] : []),
    ...(page.provider_web ? [{ label: 'Web', value: <a href={page.provider_web}>{page.provider_web.replace(/^https?:\/\//, '')}</a> }] : []),
  ]
  return <Card title={t.facts} level={2}><Facts facts={facts} /></Card>
}

function Body({ app, activity, facts }: { app: App; activity: Offered; facts: ReactNode }) {
  const t = useOfferTexts()
  const about = localised(activity.about)
  const sessions = activity.sessions.filter(session => session.state === 'open')
  const choice = useForm({ schema: ofSession, defaults: { session: sessions.find(session => session.places > 0)?.id ?? '' }, send: nothing })
  const session = sessions.find(({ id }) => id === choice.watch('session'))
  return (
    <div className="with-aside">
      <div className="sections">
        {about.text && <Section title={t.about}><p className="text" lang={about.lang}>{about.text}</p></Section>}
        <Sessions sessions={sessions} field={choice.field('session')} />
        {facts}
      </div>
      {app === 'www' ? <SignInPanel id={activity.id} /> : <PayPanel activity={activity} session={session} />}
    </div>
  )
}

/** Two choices on one screen: radios of one name would be one group. */
const ofSession = v.object({ session: v.string() })
const ofGrant = v.object({ grant: v.string() })
const nothing = () => Promise.resolve()
type Field = ReturnType<ReturnType<typeof useForm<typeof ofSession>>['field']>

function Sessions({ sessions, field }: { sessions: readonly Session[]; field: Field }) {
  const t = useOfferTexts()
  return (
    <ChoiceCards
      legend={t.chooseSession}
      big
      {...field}
      choices={sessions.map(session => ({
        value: session.id,
        title: span(session),
        tag: <PlacesTag session={session} />,
        meta: [session.times, money(session.price_minor), t.orderUntil(date(session.order_until))].filter(Boolean).join(' · '),
        ...(session.moved_from && { note: t.moved(date(session.moved_from)) }),
        ...(session.places === 0 && { disabledBecause: t.sessionFull }),
      }))}
    />
  )
}

function SignInPanel({ id }: { id: string }) {
  const t = useOfferTexts()
  const city = useCity()
  return (
    <aside className="stack">
      <Card title={t.signInFirst} level={2}>
        <p className="soft">{t.signInWhy}</p>
        <LinkButton look="primary" outside wide href={appHref('moje', city.slug, `/nabidka/${id}`)}>{t.signIn}</LinkButton>
      </Card>
    </aside>
  )
}

/** The operation belongs to the activity: it is asked after even when its own order used the credit up. */
function PayPanel({ activity, session }: { activity: Offered; session: Session | undefined }) {
  const t = useOfferTexts()
  const city = useCity()
  const client = useQueryClient()
  const { person } = useWhose()
  const quotes = useQuery(quotesQuery(city.slug, activity.id, person))
  const pay = useOperation(`order:${activity.id}${person && `:${person}`}`, async (body: NewOrder, header) => {
    const order = await ask(api.POST('/v1/cities/{city}/orders', { params: { path: { city: city.slug }, header }, body }))
    const changed = [offerKey(city.slug), ordersKey(city.slug), quotesKey(city.slug), grantsKey(city.slug)]
    void Promise.all(changed.map(queryKey => client.invalidateQueries({ queryKey })))
    return order
  })
  return (
    <DecisionPanel title={t.pay} trigger={t.pay}>
      {pay.state.phase === 'done' ? (
        <Ordered order={pay.state.result} again={pay.reset} />
      ) : (
        <Loaded query={quotes}>
          {({ items }) => {
            const fitting = items.filter(quote => quote.session === session?.id)
            if (!session) return <p className="soft">{t.chooseSession}</p>
            if (fitting.length === 0) return <NoCredit />
            return <Pay key={session.id} activity={activity} session={session} quotes={fitting} pay={pay} />
          }}
        </Loaded>
      )}
      {pay.state.phase !== 'done' && <OperationNotice operation={pay} />}
    </DecisionPanel>
  )
}

type Paying = ReturnType<typeof useOperation<NewOrder, Order>>

/** Nothing can be paid from: there is no credit, or orders hold all of it. */
function NoCredit() {
  const t = useOfferTexts()
  const city = useCity()
  const { person, at } = useWhose()
  const grants = useQuery(grantsQuery(city.slug, person))
  const heldMinor = (grants.data?.items ?? []).reduce((sum, grant) => sum + (grant.mode === 'credit' && grant.state === 'active' ? grant.held_minor : 0), 0)
  if (heldMinor > 0)
    return (
      <div className="stack">
        <p className="strong">{t.creditHeld(money(heldMinor))}</p>
        <p className="soft">{t.creditHeldWhy}</p>
        <LinkButton href={`${at}/objednavky`}>{t.toOrders}</LinkButton>
      </div>
    )
  return (
    <div className="stack">
      <p className="strong">{t.noCredit}</p>
      <p className="soft">{t.noCreditWhy}</p>
      <LinkButton href={person ? `/zadosti/za/${person}` : '/programy'}>{t.programmes}</LinkButton>
    </div>
  )
}

function Pay({ activity, session, quotes, pay }: { activity: Offered; session: Session; quotes: readonly Quote[]; pay: Paying }) {
  const t = useOfferTexts()
  const choice = useForm({ schema: ofGrant, defaults: { grant: (quotes.find(quote => !quote.refusal) ?? quotes[0]!).grant }, send: nothing })
  const grant = choice.watch('grant')
  const quote = quotes.find(each => each.grant === grant) ?? quotes[0]!
  const order = { activity: activity.id, session: session.id, grant, price_minor: quote.price_minor, credit_minor: quote.credit_minor }
  return (
    <div className="stack">
      {quotes.length > 1 && (
        <RadioGroup
          legend={t.forPerson}
          choices={quotes.map(each => ({ value: each.grant, label: each.beneficiary_name, hint: each.refusal_text || each.programme_name }))}
          {...choice.field('grant')}
        />
      )}
      {quotes.length === 1 && <p>{t.person}: <strong>{quote.beneficiary_name}</strong><br /><span className="small soft">{quote.programme_name}</span></p>}
      {quote.refusal ? (
        <Callout tone="warning">{quote.refusal_text}</Callout>
      ) : (
        <>
          <Split quote={quote} />
          <Button look="primary" size="l" wide busy={pay.isBusy} onClick={() => void pay.run(order)}>{t.payMinor(quote.credit_minor)}</Button>
          <p className="small soft">{t.holdNote}</p>
        </>
      )}
    </div>
  )
}

/** The price in parts that add up to the haléř. */
function Split({ quote }: { quote: Quote }) {
  const t = useOfferTexts()
  return (
    <dl className="pay-split">
      <div><dt>{t.priceRow}</dt><dd>{money(quote.price_minor, 'always')}</dd></div>
      <div><dt>{t.creditRow}</dt><dd>{money(quote.credit_minor, 'always')}</dd></div>
      <div className="pay-rest"><dt>{t.rest}</dt><dd>{money(quote.co_payment_minor, 'always')}</dd></div>
      <div className="small soft"><dt>{t.leftAfter}</dt><dd>{money(quote.spendable_minor - quote.credit_minor, 'always')}</dd></div>
    </dl>
  )
}

function Ordered({ order, again }: { order: Order; again: () => void }) {
  const t = useOfferTexts()
  const { at } = useWhose()
  return (
    <div className="stack">
      <Callout tone="success" title={t.ordered} appears>{t.orderedWhy(deadline(order.confirm_by))}</Callout>
      <LinkButton look="primary" wide href={`${at}/objednavky/${order.id}`}>{t.openOrder}</LinkButton>
      <Button look="quiet" wide onClick={again}>{t.orderMore}</Button>
    </div>
  )
}
