import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { email, useForm } from '@/lib/form'
import { dateTime } from '@/lib/format'
import { useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { Checkbox, Fieldset, Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState, ProblemCallout } from '@/ui/Waiting'
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
  const isAlone = staff.data?.items.filter(member => member.roles.includes('admin')).length === 1
  return (
    <SettingsPage lead={t.staffLead}>
      {isAlone && <Callout tone="warning" title={t.alone} />}
      <Waiting members={(staff.data?.items ?? []).filter(member => member.proposed !== null)} />
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
    { key: 'roles', head: t.roles, cell: row => <>{named(row.roles, names.role)}{row.proposed && <> <Tag tone="warning">{t.waits}</Tag></>}</> },
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

const named = (roles: readonly string[], names: Record<StaffRole, string>) => roles.map(role => names[role as StaffRole]).join(', ')

/** Roles that one administrator proposed: another one answers. */
function Waiting({ members }: { members: readonly Staff[] }) {
  const t = useTexts(settingsTexts)
  if (members.length === 0) return null
  return (
    <Section title={t.waits}>
      {members.map(member => <Proposal key={member.person} member={member} />)}
    </Section>
  )
}

function Proposal({ member }: { member: Staff }) {
  const t = useTexts(settingsTexts)
  const names = useTexts(roleTexts)
  const toast = useToast()
  const { session } = useSession()
  const { answer } = useSettingsActs(useCity().slug)
  const [asked, ask] = useState(false)
  const act = useMutation({
    mutationFn: (accepts: boolean) => answer(member, accepts),
    onSuccess: (_, accepts) => toast(accepts ? t.accepted : t.refused),
    onSettled: () => ask(false),
  })
  const proposed = member.proposed!
  const roles = named(proposed.roles, names.role)
  const me = session?.person.id
  return (
    <Card level={3} title={member.name}>
      <p>{t.proposed(roles, proposed.by_name, dateTime(proposed.at))}</p>
      {act.error && <ProblemCallout problem={act.error} />}
      {member.person !== me && (
        <div className="buttons">
          {proposed.by !== me && <Button look="primary" aria-label={`${t.acceptRoles}: ${member.name}`} onClick={() => ask(true)}>{t.acceptRoles}</Button>}
          <Button look="danger-quiet" aria-label={`${t.refuseRoles}: ${member.name}`} busy={act.isPending && !act.variables} onClick={() => act.mutate(false)}>{t.refuseRoles}</Button>
        </div>
      )}
      <Dialog
        open={asked}
        onClose={() => ask(false)}
        title={t.acceptTitle(member.name)}
        actions={
          <>
            <Button autoFocus onClick={() => ask(false)}>{t.keep}</Button>
            <Button look="primary" busy={act.isPending} onClick={() => act.mutate(true)}>{t.acceptRoles}</Button>
          </>
        }
      >
        {t.acceptEffect(roles)}
      </Dialog>
    </Card>
  )
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
    defaults: { roles: [...member.roles, ...(member.proposed?.roles ?? [])] as StaffRole[] },
    send: async values => {
      await setRoles(member, values.roles)
      toast(values.roles.every(role => member.roles.includes(role)) ? t.rolesSaved : t.rolesWait)
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
