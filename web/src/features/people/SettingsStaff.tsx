import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { email, useForm } from '@/lib/form'
import { useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { Checkbox, Fieldset, Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState } from '@/ui/Waiting'
import { roleTexts, settingsTexts } from './admin.texts'
import { staffQuery, useSettingsActs, type Staff } from './settings.calls'
import { clash, ROLES, type StaffRole } from './settings.roles'
import { SettingsPage } from './SettingsPage'
import './registration.css'

/** Colleagues at the town hall, what they may do, and invitations of new ones. */
export default function SettingsStaff() {
  const t = useTexts(settingsTexts)
  const staff = useQuery(staffQuery(useCity().slug))
  const [edited, setEdited] = useState<Staff | null>(null)
  return (
    <SettingsPage lead={t.staffLead}>
      <StaffTable list={staff} edit={setEdited} />
      <Section title={t.invite}><Invite /></Section>
      <Dialog open={edited !== null} onClose={() => setEdited(null)} title={edited ? t.editWhose(edited.name) : ''}>
        {edited && <EditRoles member={edited} done={() => setEdited(null)} />}
      </Dialog>
    </SettingsPage>
  )
}

function StaffTable({ list, edit }: { list: { data: { items: Staff[] } | undefined; error: unknown; refetch: () => unknown }; edit: (member: Staff) => void }) {
  const t = useTexts(settingsTexts)
  const names = useTexts(roleTexts)
  const { session } = useSession()
  const columns: Column<Staff>[] = [
    { key: 'name', head: t.person, phone: 'title', cell: row => <span className="strong">{row.name}</span> },
    { key: 'email', head: t.email, cell: row => row.email },
    { key: 'roles', head: t.roles, cell: row => row.roles.map(role => names.role[role as StaffRole]).join(', ') },
    {
      key: 'act',
      head: t.editRoles,
      phone: 'plain',
      cell: row => (row.person === session?.person.id
        ? <span title={t.ownRoles}><Tag tone="neutral">{t.you}</Tag></span>
        : <Button look="quiet" aria-label={`${t.editRoles}: ${row.name}`} onClick={() => edit(row)}>{t.editRoles}</Button>),
    },
  ]
  return <DataTable caption={t.tabs.staff} list={list} columns={columns} rowKey={row => row.person} empty={<EmptyState title={t.noStaff} />} />
}

function RoleTicks({ field, error }: { field: object; error: string | undefined }) {
  const t = useTexts(settingsTexts)
  const names = useTexts(roleTexts)
  return (
    <Fieldset legend={t.roles} error={error} name="roles">
      {ROLES.map(role => <Checkbox key={role} {...field} value={role} label={names.role[role]} hint={names.does[role]} />)}
    </Fieldset>
  )
}

/** Ticks that give a list of roles which one person may hold together. */
function useRoles(fewest: 0 | 1) {
  const t = useTexts(settingsTexts)
  return useMemo(
    () => v.pipe(v.array(v.picklist(ROLES)), v.minLength(fewest, t.rolesMissing), v.check(roles => !clash(roles), t.rolesClash)),
    [t, fewest],
  )
}

function Invite() {
  const t = useTexts(settingsTexts)
  const { invite } = useSettingsActs(useCity().slug)
  const toast = useToast()
  const roles = useRoles(1)
  const schema = useMemo(() => v.object({ email: email(t.emailMissing), roles }), [t, roles])
  const form = useForm({
    schema,
    defaults: { email: '', roles: [] },
    send: async values => {
      await invite(values.email, values.roles)
      toast(t.invited(values.email))
      form.hook.reset()
    },
  })
  const { error, ...field } = form.field('roles')
  return (
    <div className="narrow">
      <Card>
        <Form form={form}>
          <Input label={t.inviteEmail} type="email" inputMode="email" autoComplete="off" {...form.field('email')} />
          <RoleTicks field={field} error={error} />
          <Button submit look="primary" busy={form.isBusy}>{t.sendInvite}</Button>
        </Form>
      </Card>
    </div>
  )
}

function EditRoles({ member, done }: { member: Staff; done: () => void }) {
  const t = useTexts(settingsTexts)
  const { setRoles } = useSettingsActs(useCity().slug)
  const toast = useToast()
  const roles = useRoles(0)
  const schema = useMemo(() => v.object({ roles }), [roles])
  const form = useForm({
    schema,
    defaults: { roles: member.roles as StaffRole[] },
    send: async values => {
      await setRoles(member.person, values.roles)
      toast(t.rolesSaved)
      done()
    },
  })
  const { error, ...field } = form.field('roles')
  const isLeaving = form.watch('roles').length === 0
  return (
    <Form form={form}>
      <RoleTicks field={field} error={error} />
      {isLeaving && <p className="small">{t.leaveWhat}</p>}
      <Button submit look={isLeaving ? 'danger' : 'primary'} busy={form.isBusy}>{isLeaving ? t.leave : t.saveRoles}</Button>
    </Form>
  )
}
