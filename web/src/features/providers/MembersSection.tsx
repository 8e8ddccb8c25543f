import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import plus from '~icon/person-plus'
import { api, ask } from '@/lib/api/client'
import { useCity, useProviderHere } from '@/lib/city'
import { initials } from '@/lib/format'
import { email, useForm } from '@/lib/form'
import { useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Avatar, CardList, ListRow } from '@/ui/Card'
import { Dialog, Sheet } from '@/ui/Dialog'
import { Input, RadioGroup } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { membersQuery, type Member } from './calls'
import { useReread } from './saving'
import { ownTexts, wordTexts } from './texts'

type Role = 'owner' | 'cashier'

/** Who works for the provider here. */
export function MembersSection() {
  const t = useTexts(ownTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const here = useProviderHere()
  const { session } = useSession()
  const members = useQuery(membersQuery(city.slug, here.id))
  const [inviting, setInviting] = useState(false)
  const [removing, setRemoving] = useState<Member | null>(null)
  return (
    <Section title={t.people} aside={<Button icon={plus} onClick={() => setInviting(true)}>{t.invite}</Button>}>
      <Loaded query={members}>
        {({ items }) => (
          <CardList label={t.people}>
            {items.map(member => {
              const isMe = member.person === session?.person.id
              return (
                <ListRow
                  key={member.person}
                  start={<Avatar letters={initials(member.name)} />}
                  title={isMe ? `${member.name} (${t.you})` : member.name}
                  meta={`${words.roles[member.role as Role] ?? member.role} · ${member.email}`}
                  aside={!isMe && <Button size="s" look="danger-quiet" aria-label={`${t.remove}: ${member.name}`} onClick={() => setRemoving(member)}>{t.remove}</Button>}
                />
              )
            })}
          </CardList>
        )}
      </Loaded>
      {inviting && <InviteSheet onClose={() => setInviting(false)} />}
      {removing && <Remove member={removing} onClose={() => setRemoving(null)} />}
    </Section>
  )
}

function InviteSheet({ onClose }: { onClose: () => void }) {
  const t = useTexts(ownTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const here = useProviderHere()
  const toast = useToast()
  // The form of the organisation beneath has a field named e-mail too.
  const schema = useMemo(() => v.object({ invited_email: email(t.emailWrong), role: v.string() }), [t])
  const form = useForm({
    schema,
    defaults: { invited_email: '', role: 'cashier' },
    apiNames: { email: 'invited_email' },
    send: async values => {
      const body = { email: values.invited_email, role: values.role as Role }
      await ask(api.POST('/v1/cities/{city}/providers/{id}/members', { params: { path: { city: city.slug, id: here.id } }, body }))
      toast(t.invited(values.invited_email))
      onClose()
    },
  })
  const choices = (['cashier', 'owner'] as const).map(role => ({ value: role, label: words.roles[role], hint: t.roleHints[role] }))
  return (
    <Sheet open onClose={onClose} title={t.inviteTitle}>
      <Form form={form}>
        <Input label={t.email} type="email" autoComplete="off" {...form.field('invited_email')} />
        <RadioGroup legend={t.role} choices={choices} {...form.field('role')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.sendInvite}</Button></div>
      </Form>
    </Sheet>
  )
}

function Remove({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const here = useProviderHere()
  const toast = useToast()
  const reread = useReread(here.id)
  const form = useForm({
    schema: v.object({}),
    defaults: {},
    send: async () => {
      await ask(api.DELETE('/v1/cities/{city}/providers/{id}/members/{line}', { params: { path: { city: city.slug, id: here.id, line: member.person } } }))
      await reread()
      toast(t.removed)
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t.removeTitle}>
      <Form form={form}>
        <p>{t.removeEffect(member.name)}</p>
        <div className="buttons">
          <Button look="neutral" autoFocus onClick={onClose}>{t.keep}</Button>
          <Button submit look="danger" busy={form.isBusy}>{t.remove}</Button>
        </div>
      </Form>
    </Dialog>
  )
}
