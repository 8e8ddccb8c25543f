import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import calendar from '~icon/calendar-event'
import fileAdd from '~icon/file-earmark-arrow-down'
import hourglass from '~icon/hourglass-split'
import check from '~icon/check-lg'
import pencil from '~icon/pencil'
import plus from '~icon/plus-lg'
import qr from '~icon/qr-code'
import shield from '~icon/shield-check'
import ticket from '~icon/ticket-perforated'
import wallet from '~icon/wallet2'
import { useCity } from '@/lib/city'
import { ageOn, date, dateTime, day, deadline, initials, moneyChange } from '@/lib/format'
import { householdQuery, labelInside, labelOf, LOOKS, sentencesOf } from '@/lib/person'
import { personTexts } from '@/lib/person.texts'
import { localised, useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Avatar, Card, CardList, ListRow, TaskRow } from '@/ui/Card'
import { Icon } from '@/ui/Icon'
import { MoneyLeft } from '@/ui/MoneyBar'
import { Page, Section } from '@/ui/Page'
import { Status, Tag } from '@/ui/Tag'
import { ContactLinks } from '@/ui/shells/parts'
import { EmptyState, Loaded, Skeleton } from '@/ui/Waiting'
import { ApplicationRow } from './Applications'
import { applicationsQuery, candidatesQuery, grantQuery, grantsQuery, programmesQuery, type Application, type Candidate, type Grant, type Programme, type Verification } from './calls'
import { Own } from './parts'
import { overviewTexts } from './overview.texts'
import { tasksOf, type Task } from './tasks'

const SHOWN_MAX = 4
const APPLICATIONS_MAX = 3
const MOVEMENTS_MAX = 3

/** What waits, what can be used, what was asked for, what can be: the citizen's first screen. */
export default function Overview() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  return (
    <Page heading={t.heading} actions={<LinkButton icon={plus} href="/programy">{t.new}</LinkButton>}>
      <div className="with-aside">
        <div className="sections">
          <Tasks />
          <ToUse />
          <Asked />
          <CanAsk />
        </div>
        <div className="sections">
          <Household />
          <Movements />
          {(city.contact.phone || city.contact.email || city.contact.office) && (
            <Card title={t.help} level={2}><div className="stack gap-2 small"><ContactLinks contact={city.contact} /></div></Card>
          )}
        </div>
      </div>
    </Page>
  )
}

const all = (pages: { pages: { items: readonly Application[] }[] } | undefined) => pages?.pages.flatMap(page => page.items) ?? []

function Tasks() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  const applications = useInfiniteQuery(applicationsQuery(city.slug))
  const grants = useQuery(grantsQuery(city.slug))
  const household = useQuery(householdQuery(city.slug))
  const tasks = tasksOf({ applications: all(applications.data), grants: grants.data?.items ?? [], household: household.data?.items ?? [] })
  if (tasks.length === 0) return null
  return (
    <Section title={t.tasks}>
      <CardList urgent label={t.tasks}>
        {tasks.map((task, i) => <OneTask key={i} task={task} first={i === 0} />)}
      </CardList>
    </Section>
  )
}

function OneTask({ task, first }: { task: Task; first: boolean }) {
  const t = useTexts(overviewTexts)
  const p = useTexts(personTexts)
  const city = useCity()
  const look = first ? 'primary' : 'secondary'
  const button = (href: string, label: string) => <LinkButton look={look} href={href}>{label}</LinkButton>
  switch (task.kind) {
    case 'returned': {
      const { application } = task
      const meta = <>{about(application)}{task.by && <> · <strong>{t.until(deadline(task.by))}</strong></>}</>
      return <TaskRow icon={fileAdd} tone="warning" title={t.task.returned} meta={meta} action={button(`/zadosti/${application.id}`, t.act.returned)} />
    }
    case 'draft':
      return <TaskRow icon={pencil} title={t.task.draft} meta={<>{about(task.application)} · {t.draftUnsent}</>} action={button(`/zadosti/${task.application.id}/krok/2`, t.act.draft)} />
    case 'ends': {
      const { grant } = task
      const isCredit = grant.mode === 'credit'
      const meta = `${localised(grant.programme.name).text} · ${grant.beneficiary.name} · ${t.left(grant.spendable_minor)} · ${t.until(deadline(day(grant.valid_until)))}`
      return <TaskRow icon={calendar} title={isCredit ? t.task.creditEnds : t.task.voucherEnds} meta={meta} action={button(isCredit ? '/nabidka' : `/vouchery/${grant.id}`, isCredit ? t.act.ends : t.act.voucher)} />
    }
    default: {
      const { person, kind } = task
      const tone = LOOKS[person.state].tone === 'warning' ? 'warning' : undefined
      return <TaskRow icon={shield} tone={tone} title={p.task[kind]} meta={[nameOf(person), ...sentencesOf(person, city.name)].join(' · ')} action={button(`/domacnost/overeni/${person.id}`, kind === 'prove' ? t.act.prove : t.act.verify)} />
    }
  }
}

const nameOf = (one: Verification) => `${one.given_names} ${one.surname}`
const about = (one: Application) => `${one.stated.given_names} ${one.stated.surname} · ${localised(one.programme_name).text}`

function ToUse() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  const grants = useQuery(grantsQuery(city.slug))
  return (
    <Section title={t.toUse} aside={<Link href="/vouchery">{t.toUseAll}</Link>}>
      <Loaded query={grants} waiting={<div className="card"><Skeleton /></div>}>
        {({ items }) => {
          const usable = items.filter(grant => grant.state === 'active' && grant.spendable_minor + grant.held_minor > 0)
          if (usable.length === 0) return <EmptyState icon={wallet} title={t.nothingToUse}>{t.nothingToUseWhy}</EmptyState>
          return <div className="grid grid-2">{usable.slice(0, SHOWN_MAX).map(grant => <GrantCard key={grant.id} grant={grant} />)}</div>
        }}
      </Loaded>
    </Section>
  )
}

function GrantCard({ grant }: { grant: Grant }) {
  const t = useTexts(overviewTexts)
  const isCredit = grant.mode === 'credit'
  return (
    <div className="card stack gap-3">
      <div className="split grant-head">
        <div>
          <h3 className="card-title"><Own of={grant.programme.name} /></h3>
          <p className="small soft">{isCredit ? t.credit : t.voucher}{grant.parts > 1 && ` ${grant.part}/${grant.parts}`} · {t.forWhom}: {grant.beneficiary.name}</p>
        </div>
        <span className="round" data-tone="accent"><Icon of={isCredit ? wallet : ticket} size={20} /></span>
      </div>
      <MoneyLeft left={grant.spendable_minor} held={grant.held_minor} of={grant.total_minor} ofWord={t.of}>
        {grant.held_minor > 0 && <>{t.held(grant.held_minor)} </>}
        {t.validUntil(deadline(day(grant.valid_until)))}
      </MoneyLeft>
      <div className="buttons">
        {isCredit ? grant.spendable_minor > 0 && <LinkButton href="/nabidka">{t.pick}</LinkButton> : <LinkButton icon={qr} href={`/vouchery/${grant.id}`}>{t.show}</LinkButton>}
      </div>
    </div>
  )
}

function Asked() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  const applications = useInfiniteQuery(applicationsQuery(city.slug))
  const latest = all(applications.data).slice(0, APPLICATIONS_MAX)
  if (latest.length === 0) return null
  return (
    <Section title={t.applications} aside={<Link href="/zadosti">{t.applicationsAll}</Link>}>
      <CardList label={t.applications}>{latest.map(one => <ApplicationRow key={one.id} application={one} />)}</CardList>
    </Section>
  )
}

function CanAsk() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  const candidates = useQuery(candidatesQuery(city.slug))
  const programmes = useQuery(programmesQuery(city.slug))
  const found = (programmes.data?.items ?? [])
    .map(programme => ({ programme, fitting: (candidates.data?.items ?? []).filter(one => one.programme === programme.id && one.passes) }))
    .filter(({ fitting }) => fitting.length > 0)
  if (found.length === 0) return null
  return (
    <Section title={t.can} aside={<Link href="/programy">{t.canAll}</Link>}>
      <div className="grid grid-2">
        {found.slice(0, SHOWN_MAX).map(({ programme, fitting }) => <CanAskCard key={programme.id} programme={programme} fitting={fitting} />)}
      </div>
    </Section>
  )
}

function CanAskCard({ programme, fitting }: { programme: Programme; fitting: readonly Candidate[] }) {
  const t = useTexts(overviewTexts)
  const [first, ...others] = fitting
  const isVerified = ['match', 'match_not_resident'].includes(first!.outcome)
  return (
    <div className="card can-apply">
      <h3 className="card-title"><Link href={`/programy/${programme.id}`} className="cover-link"><Own of={programme.rules.name} /></Link></h3>
      <p className="soft">{t.upTo(programme.amount_minor)} <Own of={programme.rules.purpose} /></p>
      <p>
        {isVerified ? <Tag tone="success">{others.length > 0 ? t.fitsMore(first!.name, others.length) : t.fits(first!.name)}</Tag> : <Tag tone="info" icon={hourglass}>{t.verifyingFirst(first!.name)}</Tag>}
      </p>
      <p className="small soft">{t.applyUntil(date(programme.rules.applications_to))} · <span className="nowrap">{t.free(programme.free_minor)}</span></p>
    </div>
  )
}

function Household() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  const household = useQuery(householdQuery(city.slug))
  return (
    <Section title={t.household}>
      <Loaded query={household} waiting={<div className="card"><Skeleton /></div>}>
        {({ items }) => (
          <CardList label={t.household}>
            {items.map(one => <ListRow key={one.id} start={<Avatar letters={initials(nameOf(one))} />} title={nameOf(one)} meta={<Standing one={one} />} href={`/domacnost/overeni/${one.id}`} />)}
            <li className="list-row"><LinkButton look="quiet" icon={plus} href="/domacnost/pridat-dite">{t.addChild}</LinkButton></li>
          </CardList>
        )}
      </Loaded>
    </Section>
  )
}

function Standing({ one }: { one: Verification }) {
  const t = useTexts(overviewTexts)
  const words = one.child ? t.ageAnd(ageOn(one.birth_date), labelInside(one)) : labelOf(one)
  const { tone, step } = LOOKS[one.state]
  return <Status tone={tone} icon={tone === 'success' ? check : step === 'wait' ? hourglass : undefined}>{words}</Status>
}

interface Movement {
  key: string
  at: string
  what: string
  minor: number
}

function Movements() {
  const t = useTexts(overviewTexts)
  const city = useCity()
  const grants = useQuery(grantsQuery(city.slug))
  const details = useQueries({ queries: (grants.data?.items ?? []).slice(-SHOWN_MAX).map(grant => grantQuery(city.slug, grant.id)) })
  const movements: Movement[] = details.flatMap(({ data }) =>
    (data?.movements ?? []).map((one, i) => ({ key: `${data!.id}.${i}`, at: one.at, what: one.provider_name || `${t.movement[one.kind] ?? one.kind}: ${localised(data!.programme.name).text}`, minor: one.amount_minor })),
  )
  const latest = movements.toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, MOVEMENTS_MAX)
  if (latest.length === 0) return null
  return (
    <Section title={t.movements}>
      <ul className="card card-list" data-flush aria-label={t.movements}>
        {latest.map(one => (
          <MovementRow key={one.key} title={one.what} meta={dateTime(one.at)}>{one.minor !== 0 && moneyChange(one.minor)}</MovementRow>
        ))}
      </ul>
    </Section>
  )
}

function MovementRow({ title, meta, children }: { title: string; meta: string; children: ReactNode }) {
  return (
    <li className="movement">
      <div>
        <p>{title}</p>
        <p className="small soft">{meta}</p>
      </div>
      <span className="strong nowrap">{children}</span>
    </li>
  )
}
