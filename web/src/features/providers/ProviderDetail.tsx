import './providers.css'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import clock from '~icon/clock-history'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, dateTime, money } from '@/lib/format'
import { hasAnyRole, useSession, type Role } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Card, Facts, ListRow } from '@/ui/Card'
import { Breadcrumbs, Page } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { Timeline } from '@/ui/Timeline'
import { Loaded } from '@/ui/Waiting'
import { eventsQuery, membersQuery, owedQuery, providerQuery, type Provider } from './calls'
import { AskReason } from './doing'
import { wordTexts } from './texts'
import { townTexts } from './town.texts'
import { TownAccounts } from './TownAccounts'
import { TownParts } from './TownParts'
import { TownPayouts } from './TownPayouts'
import { ProviderTag } from './words'

export const APPROVERS: readonly Role[] = ['admin', 'programme_owner', 'clerk']
export const ADMINS: readonly Role[] = ['admin']
export const FINANCE: readonly Role[] = ['authorising_officer', 'budget_officer', 'chief_accountant']
const GOVERNORS: readonly Role[] = ['admin', 'programme_owner']

/** Whether the person holds one of the roles in this town. */
export function useMay(roles: readonly Role[]): boolean {
  const city = useCity()
  return hasAnyRole(useSession().session, city.slug, roles)
}

/** A provider for the town: what waits for a decision first, then what it is. */
export default function ProviderDetail() {
  const t = useTexts(townTexts)
  const city = useCity()
  const { id } = useParams<{ id: string }>()
  const provider = useQuery(providerQuery(city.slug, id!))
  return (
    <Loaded screen query={provider}>
      {data => (
        <Page
          heading={data.name}
          tag={<ProviderTag state={data.state} />}
          lead={data.state_reason || `IČO ${data.ico}`}
          above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/poskytovatele' }, { label: data.name }]} />}
          actions={<Governing provider={data} />}
        >
          <div className="with-aside">
            <div className="sections">
              <TownAccounts provider={data} />
              <TownParts provider={data} />
              <TownPayouts provider={data} />
              <History provider={data} />
            </div>
            <div className="stack">
              <About provider={data} />
              <Branches provider={data} />
              <People provider={data} />
            </div>
          </div>
        </Page>
      )}
    </Loaded>
  )
}

function Governing({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const may = useMay(GOVERNORS)
  if (!may || provider.state === 'ended') return null
  const move = (state: 'suspended' | 'active' | 'ended') => (reason: string) =>
    ask(api.POST('/v1/cities/{city}/providers/{id}/state', { params: { path: { city: city.slug, id: provider.id } }, body: { state, reason } }))
  return (
    <>
      {provider.state === 'active' && <AskReason provider={provider.id} label={t.suspend} title={t.suspendTitle} effect={t.suspendEffect} danger act={move('suspended')} done={t.suspended} />}
      {provider.state === 'suspended' && <AskReason provider={provider.id} label={t.resume} title={t.resumeTitle} effect={t.resumeEffect} act={move('active')} done={t.resumed} />}
      <AskReason provider={provider.id} label={t.end} look="danger-quiet" title={t.endTitle} effect={t.endEffect} danger act={move('ended')} done={t.ended} />
    </>
  )
}

function About({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const owed = useQuery(owedQuery(city.slug, provider.id))
  const { contact } = provider
  return (
    <div className="narrow-facts">
    <Card title={t.about} level={2}>
      <Facts
        facts={[
          { label: 'IČO', value: provider.ico },
          { label: t.form, value: words.legalForms[provider.legal_form] },
          { label: t.vat, value: provider.vat_payer ? words.vatPayer : words.notVatPayer },
          { label: t.seat, value: provider.seat },
          ...(provider.categories.length > 0 ? [{ label: t.categories, value: provider.categories.map(category => words.categories[category]).join(', ') }] : []),
          { label: t.contact, value: <ContactLines contact={contact} /> },
          { label: t.registered, value: date(provider.registered_at) },
          { label: t.owed, value: owed.data ? money(owed.data.owed_minor, 'always') : '…' },
        ]}
      />
    </Card>
    </div>
  )
}

function ContactLines({ contact }: { contact: Provider['contact'] }) {
  return (
    <>
      {contact.name}
      {contact.email && <div><a className="contact-link" href={`mailto:${contact.email}`}>{contact.email}</a></div>}
      {contact.phone && <div className="nowrap"><a className="contact-link" href={`tel:${contact.phone.replaceAll(' ', '')}`}>{contact.phone}</a></div>}
    </>
  )
}

function Branches({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  return (
    <Card title={t.branches} level={2}>
      {provider.branches.length === 0 ? (
        <p className="soft">{t.noBranches}</p>
      ) : (
        <ul className="stack gap-3">
          {provider.branches.map(branch => (
            <li key={branch.id}>
              <span className="strong">{branch.name}</span>
              <div className="small soft">{branch.address}</div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function People({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const members = useQuery(membersQuery(city.slug, provider.id))
  return (
    <Card title={t.people} level={2} flush>
      <Loaded query={members}>
        {({ items }) =>
          items.length === 0 ? (
            <ul><ListRow title={<span className="soft">{t.noPeople}</span>} /></ul>
          ) : (
            <ul className="rows">
              {items.map(member => (
                <ListRow key={member.person} title={member.name} meta={member.email} aside={<Tag tone="neutral">{words.roles[member.role as 'owner' | 'cashier'] ?? member.role}</Tag>} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function History({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const events = useQuery(eventsQuery(city.slug, provider.id))
  return (
    <Card title={t.history} level={2}>
      <Loaded query={events}>
        {({ items }) => (
          <Timeline
            items={items.map(event => ({
              icon: clock,
              title: t.events[event.what] ?? event.what,
              meta: [dateTime(event.at), event.by_name].filter(Boolean).join(' · '),
              ...(event.note && { body: <p className="small">{event.note}</p> }),
            }))}
          />
        )}
      </Loaded>
    </Card>
  )
}
