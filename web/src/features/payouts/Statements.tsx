import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import up from '~icon/upload'
import { asProblem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { date, money, moneyChange, number } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page, Section } from '@/ui/Page'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { doubtsQuery, statementsQuery, usePayoutActs, type Doubt, type Imported, type Previewed } from './calls'
import { PayoutTabs } from './PayoutTabs'
import { statementTexts } from './statements.texts'
import { payoutTexts } from './texts'

/** What the bank did: statements with a preview, and returned payments to match. */
export default function Statements() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const mayImport = hasAnyRole(session, city.slug, ['authorising_officer', 'budget_officer', 'chief_accountant'])
  return (
    <Page heading={t.payouts} lead={t.statementsLead}>
      <PayoutTabs />
      {mayImport && <Import />}
      <Doubts />
      <History />
    </Page>
  )
}

function Import() {
  const t = useTexts(payoutTexts)
  const s = useTexts(statementTexts)
  const city = useCity()
  const acts = usePayoutActs(city.slug)
  const picker = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<{ file: File; account: string } | null>(null)
  const preview = useMutation({ mutationFn: ({ file, account }: { file: File; account: string }) => acts.preview(file, account) })
  const book = useMutation({ mutationFn: ({ file, account, future }: { file: File; account: string; future: boolean }) => acts.importFile(file, account, future), onSuccess: () => setChosen(null) })
  const look = (file: File | undefined, account = '') => {
    if (!file) return
    setChosen({ file, account })
    book.reset()
    preview.mutate({ file, account })
  }
  const seen = chosen && !book.data ? preview.data : undefined
  const isAhead = seen?.items.some(one => one.in_future) ?? false
  const isNew = seen?.items.some(one => !one.outcome.repeated) ?? false
  const unclear = preview.error ? accountsOf(preview.error) : []
  return (
    <Card level={2} title={t.upload}>
      <p className="small soft" id="statement-hint">{t.uploadHint}</p>
      {chosen && unclear.length > 0 && (
        <Callout tone="warning" appears title={s.whose}>
          <p>{s.whoseWhy}</p>
          <div className="buttons">{unclear.map(account => <Button key={account} onClick={() => look(chosen.file, account)}>{account}</Button>)}</div>
        </Callout>
      )}
      {preview.error && chosen && unclear.length === 0 && <ProblemCallout problem={preview.error} title={t.unreadable} />}
      {book.error && <ProblemCallout problem={book.error} />}
      {book.data && <Callout tone="success" appears title={book.data.items.every(one => one.repeated) ? t.repeated : t.imported}><Outcomes items={book.data.items} /></Callout>}
      {chosen && seen && (
        <Section title={s.preview}>
          <p>{t.chosen(chosen.file.name)}</p>
          {seen.items.map(one => <Preview key={one.outcome.statement} seen={one} />)}
        </Section>
      )}
      <input ref={picker} type="file" hidden accept=".gpc,.abo,.xml,.txt" aria-label={t.upload} onChange={event => { look(event.target.files?.[0]); event.target.value = '' }} />
      <div className="buttons">
        {chosen && isNew && <Button look="primary" busy={book.isPending} onClick={() => book.mutate({ ...chosen, future: isAhead })}>{isAhead ? s.bookAnyway : t.doImport}</Button>}
        <Button look={chosen && isNew ? 'secondary' : 'primary'} icon={up} busy={preview.isPending} aria-describedby="statement-hint" onClick={() => picker.current?.click()}>{chosen ? t.another : t.choose}</Button>
      </div>
    </Card>
  )
}

/** The accounts of the town that the file's number may be. */
function accountsOf(thrown: unknown): readonly string[] {
  const problem = asProblem(thrown)
  return problem.code === 'statement_account_unclear' ? String(problem.facts['accounts']).split(', ') : []
}

/** One statement of the file: what it would do, in sums and line by line. */
function Preview({ seen }: { seen: Previewed }) {
  const s = useTexts(statementTexts)
  const { outcome, lines, lines_total, sums } = seen
  if (outcome.repeated)
    return (
      <div className="stack">
        <Callout tone="info" appears title={s.bookedBefore}>{s.bookedBeforeWhy}</Callout>
        <Outcomes items={[outcome]} />
      </div>
    )
  const columns: Column<Previewed['lines'][number]>[] = [
    { key: 'line', head: s.line, end: true, phone: 'hide', cell: one => number(one.movement.line) },
    { key: 'day', head: s.day, cell: one => date(one.movement.booked_on) },
    { key: 'other', head: s.other, phone: 'title', cell: one => <>{one.movement.payer || one.movement.account || one.movement.text} {one.movement.vs && <span className="small soft">VS {one.movement.vs}</span>}</> },
    { key: 'amount', head: s.amount, end: true, phone: 'aside', cell: one => moneyChange(one.movement.amount_minor) },
    { key: 'effect', head: s.effect, cell: one => [s.effects[one.effect], ...one.about.slice(0, 3)].join(', ') },
  ]
  return (
    <div className="stack">
      {seen.in_future && outcome.closed_on && <Callout tone="warning" appears title={s.inFuture(date(outcome.closed_on))}>{s.inFutureWhy}</Callout>}
      <Outcomes items={[outcome]} sums={sums} />
      {lines_total > lines.length && <p className="small">{s.linesFirst(lines.length, lines_total)}</p>}
      {lines.length > 0 && <DataTable caption={s.lines} list={{ data: { items: lines }, error: null, refetch: () => null }} columns={columns} rowKey={one => String(one.movement.line)} empty={null} />}
    </div>
  )
}

function Outcomes({ items, sums }: { items: readonly Imported[]; sums?: Previewed['sums'] }) {
  const t = useTexts(payoutTexts)
  const s = useTexts(statementTexts)
  const city = useCity()
  const { session } = useSession()
  const mayMatch = hasAnyRole(session, city.slug, ['budget_officer', 'chief_accountant'])
  return (
    <div className="stack">
      {items.map(one => (
        <div key={one.statement}>
          <p className="strong">{t.statement} {shown(one.statement)}</p>
          {one.unexpected > 0 && <Callout tone="warning" title={t.unexpectedHelp} />}
          {one.missing.length > 0 && <p className="small">{t.missing(one.missing.join(', '))}</p>}
          <Facts
            facts={[
              ...(one.opened_on && one.closed_on ? [{ label: s.period, value: s.range(date(one.opened_on), date(one.closed_on)) }] : []),
              { label: t.linesOf, value: number(one.lines) },
              { label: s.opening, value: money(one.opening_minor, 'always') },
              ...(sums ?? []).map(sum => ({ label: s.effects[sum.effect], value: `${s.count(sum.lines)}, ${moneyChange(sum.sum_minor)}` })),
              { label: s.closing, value: money(one.closing_minor, 'always') },
              ...(sums ? [] : counts(one, t, s)),
            ]}
          />
          {!sums && one.to_check > 0 && mayMatch && <p><Link href="/exporty/predpisy">{s.match}</Link></p>}
        </div>
      ))}
    </div>
  )
}

/** The statement's name as people write its account. */
const shown = (statement: string) => statement.replace('.', '/')

function counts(one: Imported, t: typeof payoutTexts.cs, s: typeof statementTexts.cs) {
  return [
    { label: t.debited, value: number(one.debited) },
    { label: t.returned, value: number(one.returns_proposed) },
    ...(one.doubtful ? [{ label: s.doubtful, value: number(one.doubtful) }] : []),
    ...(one.known ? [{ label: s.known, value: number(one.known) }] : []),
    ...(one.reversed ? [{ label: t.reversed, value: number(one.reversed) }] : []),
    ...(one.advances ? [{ label: t.advances, value: number(one.advances) }] : []),
    ...(one.unexpected ? [{ label: t.unexpected, value: number(one.unexpected) }] : []),
    { label: t.chargesPaid, value: number(one.charges_paid) },
    { label: t.toCheck, value: number(one.to_check) },
    { label: t.notOurs, value: number(one.not_ours) },
  ]
}

/** Lines that nobody but a person can tell: each with where it stands and what it may be. */
function Doubts() {
  const t = useTexts(statementTexts)
  const city = useCity()
  const { session } = useSession()
  const doubts = useQuery(doubtsQuery(city.slug))
  const { decideDoubt } = usePayoutActs(city.slug)
  const decide = useMutation({ mutationFn: ({ id, answer }: { id: string; answer: string }) => decideDoubt(id, answer) })
  const mayDecide = hasAnyRole(session, city.slug, ['budget_officer', 'chief_accountant'])
  if (!doubts.data || doubts.data.items.length === 0) return doubts.error ? <ProblemCallout problem={doubts.error} /> : null
  const row = (one: Doubt) => (
    <ListRow
      key={one.id}
      title={`${moneyChange(one.movement.amount_minor)}, ${date(one.movement.booked_on)}: ${t.kinds[one.kind]}`}
      meta={
        <>
          <p>{t.why[one.kind]}</p>
          <p>{[one.movement.payer, one.movement.account, one.movement.vs && `VS ${one.movement.vs}`, one.movement.text].filter(Boolean).join(' · ')}</p>
          <ul>{[one.place, ...one.alike].map(place => <li key={place.statement + place.line}>{t.standsAt(shown(place.statement), place.line)}</li>)}</ul>
        </>
      }
      aside={
        mayDecide && (
          <div className="buttons">
            {answersTo(one, t).map(({ answer, label }) => (
              <Button key={answer} size="s" busy={decide.isPending && decide.variables.id === one.id && decide.variables.answer === answer} onClick={() => decide.mutate({ id: one.id, answer })}>
                {label}
              </Button>
            ))}
          </div>
        )
      }
    />
  )
  return (
    <Section title={t.doubts}>
      <p className="soft">{t.doubtsLead}</p>
      {decide.error && <ProblemCallout problem={decide.error} />}
      <CardList urgent label={t.doubts}>{doubts.data.items.map(row)}</CardList>
    </Section>
  )
}

function answersTo({ kind, options }: Doubt, t: typeof statementTexts.cs) {
  if (kind === 'twin') return [{ answer: 'nothing', label: t.same }, { answer: 'another', label: t.another }]
  return [...options.map(({ line, number, provider_name }) => ({ answer: line, label: t.belongs(number, provider_name) })), { answer: 'nothing', label: t.nothing }]
}

function History() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const list = useQuery(statementsQuery(city.slug))
  const columns: Column<Imported>[] = [
    { key: 'statement', head: t.statement, phone: 'title', cell: one => shown(one.statement) },
    { key: 'debited', head: t.debited, end: true, cell: one => number(one.debited) },
    { key: 'returned', head: t.returned, end: true, cell: one => number(one.returns_proposed) },
    { key: 'charges', head: t.chargesPaid, end: true, cell: one => number(one.charges_paid) },
    { key: 'toCheck', head: t.toCheck, end: true, cell: one => number(one.to_check) },
    { key: 'notOurs', head: t.notOurs, end: true, cell: one => number(one.not_ours) },
  ]
  return (
    <Section title={t.history}>
      <DataTable caption={t.history} list={list} columns={columns} rowKey={one => one.statement} empty={<EmptyState title={t.historyEmpty}>{t.historyEmptyWhy}</EmptyState>} />
    </Section>
  )
}
