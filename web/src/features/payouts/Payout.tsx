import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import download from '~icon/download'
import { useCity } from '@/lib/city'
import { date, dateTime, money, number, percent } from '@/lib/format'
import { hasAnyRole, useSession, type Role } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { EmptyState, Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { linesQuery, payoutQuery, sampleQuery, usePayoutActs, type Line, type Payout as PayoutData, type Sample, type Step } from './calls'
import { LOOKERS } from './roles'
import { LineStatus, PayoutTag, SampleStatus } from './states'
import { payoutTexts } from './texts'

/** One payout: what is in it, who signed, and the next step. */
export default function Payout() {
  const { id } = useParams<{ id: string }>()
  const city = useCity()
  const payout = useQuery(payoutQuery(city.slug, id))
  return <Loaded screen query={payout}>{data => <Known payout={data} />}</Loaded>
}

function Known({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  const heading = t.payout(String(payout.number))
  const above = <Breadcrumbs crumbs={[{ label: t.payouts, href: '/vyplaty' }, { label: heading }]} />
  if (!payout.built) {
    return (
      <Page above={above} heading={heading}>
        <Callout tone="info" title={t.building} />
        <div className="card"><Skeleton lines={6} height={24} /></div>
      </Page>
    )
  }
  return (
    <Page above={above} heading={heading} tag={<PayoutTag payout={payout} />} lead={t.next[payout.state]}>
      {payout.late && <Callout tone="warning" title={t.late} />}
      <div className="with-aside">
        <div className="stack gap-6">
          <Lines payout={payout} />
          {payout.sample_permille > 0 && <ControlSample payout={payout} />}
          {payout.held_back.length > 0 && <HeldBack payout={payout} />}
        </div>
        <div className="stack">
          <NextStep payout={payout} />
          <Signatures payout={payout} />
          {payout.files.length > 0 && <Files payout={payout} />}
        </div>
      </div>
    </Page>
  )
}

interface Offer {
  step: Step
  roles: readonly Role[]
}

const NEXT: Partial<Record<string, readonly Offer[]>> = {
  draft: [{ step: 'authorise', roles: ['authorising_officer'] }],
  authorised: [{ step: 'release', roles: ['chief_accountant'] }],
  released: [{ step: 'export', roles: ['authorising_officer', 'budget_officer', 'chief_accountant'] }],
}
const CANCELLABLE = new Set(['draft', 'authorised', 'released'])

/** The one button that this person may press now, and the way out. */
function NextStep({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const { step } = usePayoutActs(city.slug)
  const [asked, ask] = useState<Step | null>(null)
  const act = useMutation({ mutationFn: (name: Step) => step(name, payout), onSettled: () => ask(null) })
  const may = (roles: readonly Role[]) => hasAnyRole(session, city.slug, roles)
  const sum = money(payout.total_minor)
  const offers = (NEXT[payout.state] ?? []).filter(offer => may(offer.roles) && payout.lines > 0)
  const mayCancel = CANCELLABLE.has(payout.state) && may(['authorising_officer', 'chief_accountant'])
  const labels: Record<Step, string> = { authorise: t.authorise(sum), release: t.release(sum), export: t.export, cancel: t.cancel }
  return (
    <Card level={2} title={<span className="figure nowrap">{sum}</span>}>
      <p className="soft">{t.providersCount(payout.lines)}</p>
      {act.error && <ProblemCallout problem={act.error} />}
      <div className="stack gap-2">
        {offers.map((offer, i) => (
          <Button
            key={offer.step}
            wide
            look={i === 0 ? 'primary' : 'secondary'}
            busy={act.isPending && act.variables === offer.step}
            onClick={() => (offer.step === 'release' ? ask('release') : act.mutate(offer.step))}
          >
            {labels[offer.step]}
          </Button>
        ))}
        {offers[0]?.step === 'export' && <p className="small soft">{t.exportAgainHint}</p>}
        {mayCancel && <Button look="danger-quiet" onClick={() => ask('cancel')}>{t.cancel}</Button>}
      </div>
      <Dialog
        open={asked !== null}
        onClose={() => ask(null)}
        title={asked === 'cancel' ? t.cancelTitle : t.releaseTitle(sum)}
        actions={
          <>
            <Button autoFocus onClick={() => ask(null)}>{t.keep}</Button>
            <Button look={asked === 'cancel' ? 'danger' : 'primary'} busy={act.isPending} onClick={() => act.mutate(asked!)}>{asked && labels[asked]}</Button>
          </>
        }
      >
        {asked === 'cancel' ? t.cancelEffect(sum, t.providersCount(payout.lines)) : t.releaseEffect(sum, t.accounts(payout.lines))}
      </Dialog>
    </Card>
  )
}

function Signatures({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  const signed = (id: string, at: string | null) => (id && at ? t.signed(payout.names?.[id] ?? id, dateTime(at)) : <span className="soft">{t.notYet}</span>)
  const facts = [
    { label: t.authorisingOfficer, value: signed(payout.authorised_by, payout.authorised_at) },
    { label: t.chiefAccountant, value: signed(payout.released_by, payout.released_at) },
  ]
  return <Card level={2} title={t.signatures}><Facts facts={facts} /></Card>
}

function Files({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { fileUrl } = usePayoutActs(city.slug)
  const get = useMutation({ mutationFn: (name: string) => fileUrl(payout.id, name), onSuccess: url => location.assign(url) })
  return (
    <Card level={2} title={t.files}>
      {payout.due_on && <p className="small soft">{t.due(date(payout.due_on))}</p>}
      {get.error && <ProblemCallout problem={get.error} />}
      <ul className="stack gap-2">
        {payout.files.map(file => (
          <li key={file.name} className="split">
            <span>{file.name}<br /><span className="small soft nowrap">{t.payments(file.payments)}, {money(file.sum_minor, 'always')}</span></span>
            <Button size="s" icon={download} busy={get.isPending && get.variables === file.name} aria-label={`${t.download} ${file.name}`} onClick={() => get.mutate(file.name)}>{t.download}</Button>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Lines({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const lines = useQuery(linesQuery(city.slug, payout.id))
  const columns: Column<Line>[] = [
    { key: 'provider', head: t.provider, phone: 'title', cell: line => <Payee line={line} /> },
    { key: 'redemptions', head: t.redemptions, end: true, cell: line => number(line.redemptions) },
    { key: 'state', head: t.state, phone: 'plain', cell: line => <LineState line={line} /> },
    { key: 'sum', head: t.sum, end: true, phone: 'aside', cell: line => <Sum line={line} /> },
  ]
  return (
    <Section title={t.lines}>
      <DataTable caption={t.lines} list={lines} columns={columns} rowKey={line => line.id} empty={<EmptyState title={t.noLines}>{t.noLinesWhy}</EmptyState>} />
    </Section>
  )
}

function Payee({ line }: { line: Line }) {
  const t = useTexts(payoutTexts)
  return (
    <>
      <Link href={`/vyplaty/${line.payout}/${line.provider}`}>{line.provider_name}</Link>
      <br />
      <span className="small soft nowrap">{line.inside ? t.inside : line.account}</span>
    </>
  )
}

function LineState({ line }: { line: Line }) {
  return (
    <>
      <LineStatus line={line} />
      {line.note && <span className="small soft">{line.note}</span>}
    </>
  )
}

/** What is paid, and under it what debts took off. */
function Sum({ line }: { line: Line }) {
  const t = useTexts(payoutTexts)
  return (
    <>
      <span className="nowrap">{money(line.amount_minor, 'always')}</span>
      {line.offset_minor > 0 && <><br /><span className="small soft nowrap">{t.offset} {money(-line.offset_minor, 'always')}</span></>}
    </>
  )
}

/** How far the clerks are with the redemptions that wait for their look. */
function ControlSample({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const sample = useQuery(sampleQuery(city.slug, payout.id))
  const columns: Column<Sample>[] = [
    { key: 'provider', head: t.provider, phone: 'title', cell: one => one.provider_name },
    { key: 'when', head: t.when, cell: one => dateTime(one.redeemed_at) },
    { key: 'state', head: t.state, phone: 'plain', cell: one => <SampleStatus sample={one} /> },
    { key: 'sum', head: t.sum, end: true, phone: 'aside', cell: one => <span className="nowrap">{money(one.amount_minor, 'always')}</span> },
  ]
  const looks = hasAnyRole(session, city.slug, LOOKERS) && payout.samples_open! > 0
  return (
    <Section title={t.sample} aside={looks && <LinkButton href="/vyplaty/kontrola">{t.openCheck}</LinkButton>}>
      <p className="soft">{t.sampleShare(percent(payout.sample_permille / 1000))} {payout.samples_open! > 0 ? t.sampleOpen(payout.samples_open!) : t.sampleDone}</p>
      <DataTable caption={t.sample} list={sample} columns={columns} rowKey={one => one.redemption} empty={null} />
    </Section>
  )
}

function HeldBack({ payout }: { payout: PayoutData }) {
  const t = useTexts(payoutTexts)
  return (
    <Section title={t.held}>
      <CardList label={t.held}>
        {payout.held_back.map(held => (
          <ListRow key={held.provider} title={held.provider_name} meta={t.heldWhy[held.reason] ?? held.reason} aside={<span className="nowrap">{money(held.amount_minor, 'always')}</span>} href={`/poskytovatele/${held.provider}`} />
        ))}
      </CardList>
    </Section>
  )
}
