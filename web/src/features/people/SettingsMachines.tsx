import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import copy from '~icon/clipboard'
import { useCity } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { dateTime } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card, Facts } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { Checkbox, Fieldset, Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
import { machineTexts } from './admin.texts'
import { machinesQuery, useMachineActs, type MachineScope, type MadeMachine, type ConnectedMachine } from './settings.calls'
import { SettingsPage } from './SettingsPage'
import './registration.css'

const SCOPES: readonly MachineScope[] = ['accounting_system']

/** Other programs of the town that sign in by themselves: what each may, when it was last in, and an end to it. */
export default function SettingsMachines() {
  const t = useTexts(machineTexts)
  const machines = useQuery(machinesQuery(useCity().slug))
  const [made, setMade] = useState<MadeMachine | null>(null)
  const [leaving, setLeaving] = useState<ConnectedMachine | null>(null)
  const columns: Column<ConnectedMachine>[] = [
    { key: 'name', head: t.name, phone: 'title', cell: row => <span className="strong">{row.name}</span> },
    { key: 'scopes', head: t.scopes, cell: row => row.scopes.map(scope => t.scope[scope]).join(', ') },
    { key: 'used', head: t.used, cell: row => (row.used_at ? dateTime(row.used_at) : t.never) },
    {
      key: 'act',
      head: t.revoke,
      phone: 'plain',
      cell: row => (row.revoked_at
        ? <Tag tone="neutral">{t.revokedAt(dateTime(row.revoked_at))}</Tag>
        : <Button look="danger-quiet" aria-label={`${t.revoke}: ${row.name}`} onClick={() => setLeaving(row)}>{t.revoke}</Button>),
    },
  ]
  return (
    <SettingsPage lead={t.lead}>
      <DataTable caption={t.heading} list={machines} columns={columns} rowKey={row => row.id} empty={<EmptyState title={t.none}>{t.noneWhy}</EmptyState>} />
      <Section title={t.add}><Add onMade={setMade} /></Section>
      <Dialog open={made !== null} onClose={() => setMade(null)} title={made ? t.made(made.machine.name) : ''}>
        {made && <Secret made={made} done={() => setMade(null)} />}
      </Dialog>
      {leaving && <Revoke machine={leaving} done={() => setLeaving(null)} />}
    </SettingsPage>
  )
}

function Add({ onMade }: { onMade: (made: MadeMachine) => void }) {
  const t = useTexts(machineTexts)
  const { add } = useMachineActs(useCity().slug)
  const schema = useMemo(() => v.object({ name: filled(t.nameMissing, 60), scopes: v.pipe(v.array(v.picklist(SCOPES)), v.minLength(1, t.scopesMissing)) }), [t])
  const form = useForm({
    schema,
    defaults: { name: '', scopes: [] },
    send: async values => {
      onMade(await add(values.name, values.scopes))
      form.hook.reset()
    },
  })
  const { error, ...field } = form.field('scopes')
  return (
    <div className="narrow">
      <Card>
        <Form form={form}>
          <Input label={t.name} hint={t.nameHint} autoComplete="off" {...form.field('name')} />
          <Fieldset legend={t.scopes} error={error} name="scopes">
            {SCOPES.map(scope => <Checkbox key={scope} {...field} value={scope} label={t.scope[scope]} hint={t.does[scope]} />)}
          </Fieldset>
          <Button submit look="primary" busy={form.isBusy}>{t.add}</Button>
        </Form>
      </Card>
    </div>
  )
}

/** The only time that the secret is seen. */
function Secret({ made, done }: { made: MadeMachine; done: () => void }) {
  const t = useTexts(machineTexts)
  const toast = useToast()
  const take = () => void navigator.clipboard.writeText(made.secret).then(() => toast(t.copied))
  return (
    <div className="stack">
      <p>{t.once}</p>
      <Facts facts={[
        { label: t.id, value: <code className="code">{made.machine.id}</code> },
        { label: t.secret, value: <code className="code">{made.secret}</code> },
      ]} />
      <div className="buttons">
        <Button look="primary" icon={copy} onClick={take}>{t.copy}</Button>
        <Button onClick={done}>{t.done}</Button>
      </div>
    </div>
  )
}

function Revoke({ machine, done }: { machine: ConnectedMachine; done: () => void }) {
  const t = useTexts(machineTexts)
  const toast = useToast()
  const { revoke } = useMachineActs(useCity().slug)
  const act = useMutation({
    mutationFn: () => revoke(machine.id),
    onSuccess: () => {
      toast(t.revoked)
      done()
    },
  })
  return (
    <Dialog
      open
      onClose={done}
      title={t.revokeAsk(machine.name)}
      actions={
        <>
          <Button look="danger" busy={act.isPending} onClick={() => act.mutate()}>{t.revokeYes}</Button>
          <Button autoFocus onClick={done}>{t.keep}</Button>
        </>
      }
    >
      <p>{t.revokeEffect}</p>
      {act.error && <ProblemCallout problem={act.error} />}
    </Dialog>
  )
}
