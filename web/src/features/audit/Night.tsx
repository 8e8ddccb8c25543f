import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { date, dateTime, money, number } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Fingerprint } from '@/ui/Fingerprint'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { proofQuery, type Difference, type Proof, type ProgrammeSums } from './calls'
import { useNames, type Names } from './names'
import { nightTexts } from './nights.texts'
import { Outcome } from './Nights'
import { READS_ENTRIES } from './roles'
import { accountWords } from './words'
import { bookTexts } from './texts'

/** One proof of the books: what was recomputed, and every difference by its name. */
export default function Night() {
  const { run } = useParams<{ run: string }>()
  const t = useTexts(nightTexts)
  const city = useCity()
  const names = useNames(city.slug)
  const proof = useQuery(proofQuery(city.slug, run))
  return (
    <Loaded screen query={proof}>
      {found => (
        <Page
          above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/kniha/kontroly' }, { label: t.proofOf(dateTime(found.ended_at)) }]} />}
          heading={t.proofOf(dateTime(found.ended_at))}
          tag={<Outcome proof={found} />}
        >
          {found.differences_count === 0 ? <Callout tone="success">{t.fine}</Callout> : <Differs proof={found} names={names} />}
          <Card level={2} title={t.counted}><Counted proof={found} /></Card>
          <Section title={t.programmes}><Programmes sums={found.programmes} names={names} /></Section>
        </Page>
      )}
    </Loaded>
  )
}

function Differs({ proof, names }: { proof: Proof; names: Names }) {
  const t = useTexts(nightTexts)
  const words = useTexts(bookTexts)
  const columns: Column<Difference>[] = [
    { key: 'code', head: t.what, phone: 'title', cell: one => <span className="strong">{t.codes[one.code] ?? one.code}{one.what && ` (${t.figures[one.what] ?? one.what})`}</span> },
    { key: 'account', head: t.account, cell: one => <span>{accountWords(one.account, names, words, one.programme)} <span className="code soft">{one.account}</span></span> },
    { key: 'entry', head: t.entry, cell: one => <Place difference={one} /> },
    { key: 'expected', head: t.expected, end: true, cell: one => figure(one.what, one.expected) },
    { key: 'found', head: t.found, end: true, cell: one => figure(one.what, one.found) },
  ]
  return (
    <>
      <Callout tone="error" title={t.differs} action={<LinkButton href="/kniha/zastaveni">{t.toFreezes}</LinkButton>}>
        <p>{t.differsWhy}</p>
        {proof.frozen.length > 0 && <p>{t.frozen}: {proof.frozen.map(place => frozenWords(place, names, t)).join(', ')}</p>}
      </Callout>
      <Section title={t.differences} aside={proof.differences.length < proof.differences_count && <span className="small soft">{t.firstOf(proof.differences.length, proof.differences_count)}</span>}>
        <DataTable caption={t.differences} list={{ data: { items: proof.differences }, error: null, refetch: () => {} }} columns={columns} rowKey={one => one.code + one.account + one.entry + one.what} empty={null} />
      </Section>
    </>
  )
}

/** `programme:p1` is the programme's name. */
function frozenWords(place: string, names: Names, t: (typeof nightTexts)['cs']): string {
  const [what, id = ''] = place.split(':')
  return what === 'town' ? t.wholeTown : (names.programmes.get(id) ?? id)
}

/** The entry that is wrong; of a contribution it can be opened by who may read entries. */
function Place({ difference: { account, entry } }: { difference: Difference }) {
  const city = useCity()
  const { session } = useSession()
  const [kind, grant = ''] = account.split('#')
  if (!entry) return '–'
  if (kind !== 'G' || !hasAnyRole(session, city.slug, READS_ENTRIES)) return <span className="code">{entry}</span>
  return <Link href={`/kniha/zapis/${entry}?${new URLSearchParams({ grant })}`} className="code">{entry}</Link>
}

const HASH = /^[0-9a-f]{64}$/

/** Haléře as crowns, a hash as its fingerprint, another text as it is. */
function figure(what: string, value: string) {
  if (what.endsWith('_minor') && /^-?\d+$/.test(value)) return money(Number(value), 'always')
  return HASH.test(value) ? <Fingerprint of={value} /> : value || '–'
}

const MS = 1_000

function Counted({ proof }: { proof: Proof }) {
  const t = useTexts(nightTexts)
  const seconds = Math.max(Math.round((Date.parse(proof.ended_at) - Date.parse(proof.started_at)) / MS), 1)
  return (
    <Facts
      facts={[
        { label: t.accounts, value: number(proof.accounts) },
        { label: t.transfers, value: number(proof.transfers) },
        { label: t.decisions, value: number(proof.decisions) },
        { label: t.sealsChecked, value: number(proof.seals) },
        { label: t.leaves, value: number(proof.leaves) },
        { label: t.unsealed, value: number(proof.unsealed) },
        { label: t.sealedTo, value: proof.sealed_to ? date(proof.sealed_to) : t.never },
        { label: t.took, value: t.seconds(seconds) },
      ]}
    />
  )
}

function Programmes({ sums, names }: { sums: readonly ProgrammeSums[]; names: Names }) {
  const t = useTexts(nightTexts)
  const sum = (minor: number) => <span className="nowrap">{money(minor, 'always')}</span>
  const hasWrittenOff = sums.some(one => one.written_off_minor !== 0)
  const columns: Column<ProgrammeSums>[] = [
    { key: 'programme', head: t.programme, phone: 'title', cell: one => <span className="strong">{names.programmes.get(one.programme) ?? one.programme}</span> },
    { key: 'budget', head: t.budget, end: true, cell: one => sum(one.budget_minor) },
    { key: 'free', head: t.free, end: true, cell: one => sum(one.free_minor) },
    { key: 'unspent', head: t.unspent, end: true, cell: one => sum(one.unspent_minor) },
    { key: 'held', head: t.held, end: true, cell: one => sum(one.held_minor) },
    { key: 'to_pay', head: t.toPay, end: true, cell: one => sum(one.to_pay_minor) },
    { key: 'paid', head: t.paid, end: true, cell: one => sum(one.paid_minor) },
    ...(hasWrittenOff ? [{ key: 'written_off', head: t.writtenOff, end: true, cell: (one: ProgrammeSums) => sum(one.written_off_minor) }] : []),
  ]
  return <DataTable caption={t.programmes} list={{ data: { items: sums }, error: null, refetch: () => {} }} columns={columns} rowKey={one => one.programme} empty={<EmptyState title={t.noProgrammes} />} />
}
