import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import up from '~icon/upload'
import { asProblem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { date, money, number } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Page, Section } from '@/ui/Page'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { returnsQuery, statementsQuery, usePayoutActs, type Imported, type PossibleReturn } from './calls'
import { PayoutTabs } from './PayoutTabs'
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
      <Returns />
      <History />
    </Page>
  )
}

function Import() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const acts = usePayoutActs(city.slug)
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const preview = useMutation({ mutationFn: acts.preview })
  const book = useMutation({ mutationFn: acts.importFile, onSuccess: () => setFile(null) })
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    setFile(chosen)
    book.reset()
    preview.mutate(chosen)
  }
  return (
    <Card level={2} title={t.upload}>
      <p className="small soft" id="statement-hint">{t.uploadHint}</p>
      {preview.error && file && <Faults thrown={preview.error} />}
      {book.error && <ProblemCallout problem={book.error} />}
      {book.data && <Callout tone="success" appears title={book.data.items.every(one => one.repeated) ? t.repeated : t.imported}><Outcomes items={book.data.items} /></Callout>}
      {file && preview.data && !book.data && (
        <Section title={t.previewTitle}>
          <p>{t.chosen(file.name)}</p>
          <Outcomes items={preview.data.items} />
        </Section>
      )}
      <input ref={picker} type="file" hidden accept=".gpc,.abo,.xml,.txt" aria-label={t.upload} onChange={event => { choose(event.target.files?.[0]); event.target.value = '' }} />
      <div className="buttons">
        {file && preview.data && <Button look="primary" busy={book.isPending} onClick={() => book.mutate(file)}>{t.doImport}</Button>}
        <Button look={file && preview.data ? 'secondary' : 'primary'} icon={up} busy={preview.isPending} aria-describedby="statement-hint" onClick={() => picker.current?.click()}>{file ? t.another : t.choose}</Button>
      </div>
    </Card>
  )
}

/** Why the file was not taken, line by line. */
function Faults({ thrown }: { thrown: unknown }) {
  const t = useTexts(payoutTexts)
  const problem = asProblem(thrown)
  const errors = problem.errors ?? []
  return (
    <Callout tone="error" appears title={t.unreadable}>
      <p>{problem.message}</p>
      {errors.length > 0 && <ul>{errors.map((error, i) => <li key={i}>{error.field}: {error.message}</li>)}</ul>}
    </Callout>
  )
}

function Outcomes({ items }: { items: readonly Imported[] }) {
  const t = useTexts(payoutTexts)
  return (
    <div className="stack">
      {items.map(one => (
        <div key={one.statement}>
          <p className="strong">{t.statement} {one.statement.replace('.', '/')}</p>
          {one.unexpected > 0 && <Callout tone="warning" title={t.unexpectedHelp} />}
          {one.missing.length > 0 && <p className="small">{t.missing(one.missing.join(', '))}</p>}
          <Facts
            facts={[
              { label: t.linesOf, value: number(one.lines) },
              { label: t.debited, value: number(one.debited) },
              { label: t.returned, value: number(one.returns_proposed) },
              ...(one.reversed ? [{ label: t.reversed, value: number(one.reversed) }] : []),
              ...(one.advances ? [{ label: t.advances, value: number(one.advances) }] : []),
              ...(one.unexpected ? [{ label: t.unexpected, value: number(one.unexpected) }] : []),
              { label: t.chargesPaid, value: number(one.charges_paid) },
              { label: t.toCheck, value: number(one.to_check) },
              { label: t.notOurs, value: number(one.not_ours) },
            ]}
          />
        </div>
      ))}
    </div>
  )
}

function Returns() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const { session } = useSession()
  const returns = useQuery(returnsQuery(city.slug))
  const { acceptReturn } = usePayoutActs(city.slug)
  const accept = useMutation({ mutationFn: ({ id, line }: { id: string; line: string }) => acceptReturn(id, line) })
  const mayAccept = hasAnyRole(session, city.slug, ['budget_officer', 'chief_accountant'])
  if (!returns.data || returns.data.items.length === 0) return returns.error ? <ProblemCallout problem={returns.error} /> : null
  const row = (one: PossibleReturn) => (
    <ListRow
      key={one.id}
      title={t.returnedOn(money(one.amount_minor, 'always'), date(one.booked_on))}
      meta={`${one.account} · ${one.text}`}
      aside={
        mayAccept && (
          <div className="buttons">
            {one.lines.map((line, i) => (
              <Button key={line} size="s" busy={accept.isPending && accept.variables.line === line} onClick={() => accept.mutate({ id: one.id, line })}>
                {one.lines.length === 1 ? t.accept : t.acceptTo(String(i + 1))}
              </Button>
            ))}
          </div>
        )
      }
    />
  )
  return (
    <Section title={t.returns}>
      <p className="soft">{t.returnsLead}</p>
      {accept.error && <ProblemCallout problem={accept.error} />}
      <CardList urgent label={t.returns}>{returns.data.items.map(row)}</CardList>
    </Section>
  )
}

function History() {
  const t = useTexts(payoutTexts)
  const city = useCity()
  const list = useQuery(statementsQuery(city.slug))
  const columns: Column<Imported>[] = [
    { key: 'statement', head: t.statement, phone: 'title', cell: one => one.statement.replace('.', '/') },
    { key: 'debited', head: t.debited, end: true, cell: one => number(one.debited) },
    { key: 'returned', head: t.returned, end: true, cell: one => number(one.returns_proposed) },
    { key: 'charges', head: t.chargesPaid, end: true, cell: one => number(one.charges_paid) },
    { key: 'notOurs', head: t.notOurs, end: true, cell: one => number(one.not_ours) },
  ]
  return (
    <Section title={t.history}>
      <DataTable caption={t.history} list={list} columns={columns} rowKey={one => one.statement} empty={<EmptyState title={t.historyEmpty}>{t.historyEmptyWhy}</EmptyState>} />
    </Section>
  )
}
