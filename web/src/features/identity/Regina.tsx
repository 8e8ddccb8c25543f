import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { date, dateTime, day } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { keysQuery, useKeyActs, type Key } from './calls'
import { adminTexts } from './admin.texts'

const SILENT_AFTER_MS = 10 * 60_000

/** The town's Regina: whether it works, and whose keys are let in. */
export default function Regina() {
  const t = useTexts(adminTexts)
  const city = useCity()
  const keys = useQuery(keysQuery(city.slug))
  return (
    <Page above={<Breadcrumbs crumbs={[{ label: t.settings, href: '/nastaveni' }, { label: t.regina }]} />} heading={t.regina} lead={t.reginaLead}>
      <Loaded query={keys}>{({ last_contact }) => <Contact at={last_contact} now={keys.dataUpdatedAt} />}</Loaded>
      <Section title={t.keys}><Keys list={keys} /></Section>
      <NewKey />
    </Page>
  )
}

function Contact({ at, now }: { at: string | null; now: number }) {
  const t = useTexts(adminTexts)
  if (!at) return <Callout tone="neutral" title={t.neverContacted} />
  const isSilent = now - Date.parse(at) > SILENT_AFTER_MS
  return <Callout tone={isSilent ? 'warning' : 'success'} title={isSilent ? t.silent : t.works}>{t.lastContact(dateTime(at))}</Callout>
}

function Keys({ list }: { list: { data: { items: Key[] } | undefined; error: unknown; refetch: () => unknown } }) {
  const t = useTexts(adminTexts)
  const city = useCity()
  const { withdraw } = useKeyActs(city.slug)
  const [chosen, choose] = useState<Key | null>(null)
  const columns: Column<Key>[] = [
    { key: 'label', head: t.keyLabel, phone: 'title', cell: key => key.label },
    { key: 'id', head: t.publicKey, cell: key => <code>{key.id}</code> },
    { key: 'registered', head: t.registeredOn, end: true, cell: key => date(day(key.registered_at)) },
    {
      key: 'state', head: t.state,
      cell: key => (key.withdrawn_at ? <Status tone="neutral">{t.withdrawn(date(day(key.withdrawn_at)))}</Status> : <Status tone="success">{t.valid}</Status>),
    },
    { key: 'act', head: t.withdraw, end: true, phone: 'plain', cell: key => !key.withdrawn_at && <Button look="danger-quiet" size="s" aria-label={`${t.withdraw}: ${key.label}`} onClick={() => choose(key)}>{t.withdraw}</Button> },
  ]
  return (
    <>
      {withdraw.error && <ProblemCallout problem={withdraw.error} />}
      <DataTable caption={t.keys} list={list} columns={columns} rowKey={key => key.id} empty={<EmptyState title={t.noKeys}>{t.noKeysWhy}</EmptyState>} />
      <Dialog
        open={chosen !== null}
        onClose={() => choose(null)}
        title={t.withdrawTitle}
        actions={
          <>
            <Button autoFocus onClick={() => choose(null)}>{t.keep}</Button>
            <Button look="danger" busy={withdraw.isPending} onClick={() => void withdraw.mutateAsync(chosen!.id).catch(() => undefined).then(() => choose(null))}>{t.withdrawDo}</Button>
          </>
        }
      >
        {chosen && t.withdrawEffect(chosen.label)}
      </Dialog>
    </>
  )
}

function NewKey() {
  const t = useTexts(adminTexts)
  const city = useCity()
  const { register } = useKeyActs(city.slug)
  const [isDone, setDone] = useState(false)
  const schema = useMemo(() => v.object({ label: filled(t.keyLabelMissing), public_key: v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9_-]{43}$/, t.publicKeyWrong)) }), [t])
  const form = useForm({
    schema,
    defaults: { label: '', public_key: '' },
    send: async values => {
      setDone(false)
      await register(values)
      form.hook.reset()
      setDone(true)
    },
  })
  return (
    <Card level={2} title={t.register}>
      {isDone && <Callout tone="success" appears title={t.registeredToast} />}
      <Form form={form}>
        <Input label={t.keyLabel} hint={t.keyLabelHint} autoComplete="off" {...form.field('label')} />
        <Input label={t.publicKey} hint={t.publicKeyHint} autoComplete="off" spellCheck={false} {...form.field('public_key')} />
        <Button submit look="primary" busy={form.isBusy}>{t.register}</Button>
      </Form>
    </Card>
  )
}
