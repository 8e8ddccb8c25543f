import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import check from '~icon/shield-check'
import { useCity } from '@/lib/city'
import { date, dateTime, number } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { DataTable, type Column } from '@/ui/DataTable'
import { Section } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { BooksPage } from './BooksPage'
import { proofsQuery, sealsQuery, startProof, type Proof, type Seal } from './calls'
import { Fingerprint } from '@/ui/Fingerprint'
import { nightTexts } from './nights.texts'
import { usePages } from './pages'
import { PROVES } from './roles'

/** How the books came out, night by night, and what sealed each day. */
export default function Nights() {
  const t = useTexts(nightTexts)
  const city = useCity()
  const { session } = useSession()
  const toast = useToast()
  const run = useMutation({ mutationFn: () => startProof(city.slug), onSuccess: () => toast(t.started) })
  const may = hasAnyRole(session, city.slug, PROVES)
  return (
    <BooksPage
      heading={t.heading}
      lead={t.lead}
      actions={may && <Button look="primary" icon={check} busy={run.isPending} onClick={() => run.mutate()}>{t.run}</Button>}
    >
      {run.error && <ProblemCallout problem={run.error} />}
      <Section title={t.proofs}><Proofs awaited={run.data} /></Section>
      <Section title={t.seals}>
        <p className="soft text">{t.sealsWhy}</p>
        <Seals />
      </Section>
    </BooksPage>
  )
}

const PAGE = 10

export function Outcome({ proof }: { proof: Proof }) {
  const t = useTexts(nightTexts)
  return proof.differences_count === 0 ? <Status tone="success">{t.noDifference}</Status> : <Status tone="error">{t.difference(proof.differences_count)}</Status>
}

const ASK_EVERY_MS = 3_000

/** Newest first; asked again until the awaited run is among them. */
function Proofs({ awaited }: { awaited: string | undefined }) {
  const t = useTexts(nightTexts)
  const city = useCity()
  const { query, table } = usePages(PAGE)
  const list = useQuery({
    ...proofsQuery(city.slug, query),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (awaited && !state.data?.items.some(({ run }) => run === awaited) ? ASK_EVERY_MS : false),
  })
  const columns: Column<Proof>[] = [
    { key: 'at', head: t.proofAt, phone: 'title', cell: proof => <Link href={`/kniha/kontroly/${proof.run}`}>{dateTime(proof.ended_at)}</Link> },
    { key: 'result', head: t.result, phone: 'plain', cell: proof => <Outcome proof={proof} /> },
    { key: 'accounts', head: t.accounts, end: true, cell: proof => number(proof.accounts) },
    { key: 'transfers', head: t.transfers, end: true, cell: proof => number(proof.transfers) },
    { key: 'decisions', head: t.decisions, end: true, cell: proof => number(proof.decisions) },
    { key: 'sealed', head: t.sealedTo, end: true, cell: proof => (proof.sealed_to ? date(proof.sealed_to) : t.never) },
  ]
  return <DataTable caption={t.proofs} list={list} table={table} columns={columns} rowKey={proof => proof.run} empty={<EmptyState icon={check} title={t.noProofs}>{t.noProofsWhy}</EmptyState>} />
}

function Seals() {
  const t = useTexts(nightTexts)
  const city = useCity()
  const { query, table } = usePages(PAGE)
  const list = useQuery({ ...sealsQuery(city.slug, query), placeholderData: keepPreviousData })
  const columns: Column<Seal>[] = [
    { key: 'day', head: t.day, phone: 'title', cell: seal => <span className="strong">{date(seal.day)}</span> },
    { key: 'count', head: t.entries, end: true, cell: seal => number(seal.count) },
    { key: 'late', head: t.late, cell: seal => lateWords(seal, t) },
    { key: 'root', head: t.root, phone: 'plain', cell: seal => <Fingerprint of={seal.root} /> },
  ]
  return <DataTable caption={t.seals} list={list} table={table} columns={columns} rowKey={seal => seal.day} empty={<EmptyState title={t.noSeals}>{t.noSealsWhy}</EmptyState>} />
}

function lateWords({ late }: Seal, t: (typeof nightTexts)['cs']): string {
  const days = [...new Set(late.map(({ day }) => day))]
  return days.map(day => t.lateOf(late.filter(one => one.day === day).length, date(day))).join(', ') || t.noLate
}
