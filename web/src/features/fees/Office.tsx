import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import up from '~icon/upload'
import { useCity } from '@/lib/city'
import { date, money, number } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, ListRow } from '@/ui/Card'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { toCheckQuery, useOfficeActs, type ToCheck } from './calls'
import { feeTexts } from './texts'

/** The office's charges come in here, and finance matches what the statement left open. */
export default function Office() {
  const t = useTexts(feeTexts)
  const city = useCity()
  const { session } = useSession()
  const mayImport = hasAnyRole(session, city.slug, ['admin', 'budget_officer', 'chief_accountant'])
  return (
    <Page above={<Breadcrumbs crumbs={[{ label: t.exports, href: '/exporty' }, { label: t.office }]} />} heading={t.office} lead={t.officeLead}>
      {mayImport && <Import />}
      <Open mayChoose={mayImport} />
    </Page>
  )
}

function Import() {
  const t = useTexts(feeTexts)
  const city = useCity()
  const acts = useOfficeActs(city.slug)
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const preview = useMutation({ mutationFn: acts.preview })
  const take = useMutation({ mutationFn: acts.importFile, onSuccess: () => setFile(null) })
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    setFile(chosen)
    take.reset()
    preview.mutate(chosen)
  }
  const isReady = file !== null && preview.isSuccess
  return (
    <Card level={2} title={t.file}>
      <p className="small soft" id="charges-hint">{t.fileHint}</p>
      {file && preview.error && <ProblemCallout problem={preview.error} title={t.refused} />}
      {take.error && <ProblemCallout problem={take.error} />}
      {take.data && <Callout tone="success" appears title={t.takenTitle}>{t.taken(number(take.data.new), number(take.data.changed), number(take.data.unchanged))}</Callout>}
      {isReady && <p>{file.name}: {t.previewed(t.count(preview.data.charges), money(preview.data.sum_minor))}</p>}
      <input ref={picker} type="file" hidden accept=".csv,text/csv" aria-label={t.file} onChange={event => { choose(event.target.files?.[0]); event.target.value = '' }} />
      <div className="buttons">
        {isReady && <Button look="primary" busy={take.isPending} onClick={() => take.mutate(file)}>{t.take}</Button>}
        <Button look={isReady ? 'secondary' : 'primary'} icon={up} busy={preview.isPending} aria-describedby="charges-hint" onClick={() => picker.current?.click()}>{file ? t.another : t.choose}</Button>
      </div>
    </Card>
  )
}

function Open({ mayChoose }: { mayChoose: boolean }) {
  const t = useTexts(feeTexts)
  const city = useCity()
  const list = useQuery(toCheckQuery(city.slug))
  const { choose } = useOfficeActs(city.slug)
  const act = useMutation({ mutationFn: ({ id, option }: { id: string; option: number }) => choose(id, option) })
  const row = (one: ToCheck) => (
    <ListRow
      key={one.id}
      title={t.received(money(one.amount_minor, 'always'), date(one.value_date))}
      meta={`${one.payer} · VS ${one.vs || '–'}`}
      aside={mayChoose && <div className="buttons">{one.options.map((ids, option) => <Button key={option} size="s" busy={act.isPending && act.variables.id === one.id} onClick={() => act.mutate({ id: one.id, option })}>{t.option(t.count(ids.length))}</Button>)}</div>}
    />
  )
  return (
    <Section title={t.toCheck}>
      <p className="soft">{t.toCheckLead}</p>
      {act.error && <ProblemCallout problem={act.error} />}
      <Loaded query={list}>{({ items }) => (items.length === 0 ? <EmptyState title={t.toCheckEmpty}>{t.toCheckEmptyWhy}</EmptyState> : <CardList urgent label={t.toCheck}>{items.map(row)}</CardList>)}</Loaded>
    </Section>
  )
}
