import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, dateTime } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { Sheet } from '@/ui/Dialog'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { accountsQuery, type Account, type Provider } from './calls'
import { Act } from './doing'
import { FINANCE, useMay } from './ProviderDetail'
import { useReread } from './saving'
import { townTexts } from './town.texts'
import { AccountTag } from './words'

/** Versions of the account; a change is decided by somebody of finance who did not enter it. */
export function TownAccounts({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const accounts = useQuery(accountsQuery(city.slug, provider.id))
  return (
    <Section title={t.accounts}>
      <Loaded query={accounts}>
        {({ items }) => {
          const pending = items.find(({ version }) => version === provider.account_pending)
          const used = items.find(({ version }) => version === provider.account_version)
          return (
            <>
              {pending && <Change provider={provider} pending={pending} used={used} />}
              {items.length === 0 ? <Card><p className="soft">{t.noAccounts}</p></Card> : <Versions provider={provider} accounts={items} />}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Change({ provider, pending, used }: { provider: Provider; pending: Account; used: Account | undefined }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const may = useMay(FINANCE)
  const path = { city: city.slug, id: provider.id, line: String(pending.version) }
  const [calling, setCalling] = useState(false)
  const refuse = () => ask(api.POST('/v1/cities/{city}/providers/{id}/accounts/{line}/refusal', { params: { path } }))
  return (
    <Card>
      <Callout tone="warning" title={t.pendingTitle}>{t.pendingWhy}</Callout>
      <Facts
        facts={[
          { label: t.present, value: used?.number ?? t.noPresent },
          { label: t.fresh, value: <strong>{pending.number}</strong> },
          { label: '', value: <span className="small soft">{t.entered(pending.changed_by_name, date(pending.changed_at))}</span> },
        ]}
      />
      {may && (
        <div className="buttons">
          <Button look="primary" onClick={() => setCalling(true)}>{t.approveAccount}</Button>
          <Act provider={provider.id} label={t.refuseAccount} look="danger-quiet" act={refuse} done={t.accountRefused} />
        </div>
      )}
      {calling && <CallSheet path={path} number={pending.number} onClose={() => setCalling(false)} />}
    </Card>
  )
}

interface Path {
  city: string
  id: string
  line: string
}

/** Whom the town called about the account, on which number and when: no account is approved without it. */
function CallSheet({ path, number, onClose }: { path: Path; number: string; onClose: () => void }) {
  const t = useTexts(townTexts)
  const toast = useToast()
  const reread = useReread(path.id)
  const schema = useMemo(
    () =>
      v.object({
        name: filled(t.calledNameNeeded),
        phone: v.pipe(v.string(), v.trim(), v.regex(/^\+?[0-9 ]{9,20}$/, t.calledPhoneWrong)),
        at: v.pipe(v.string(), v.check(typed => !Number.isNaN(Date.parse(typed)), t.calledAtWrong)),
      }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { name: '', phone: '', at: '' },
    apiNames: { 'called.name': 'name', 'called.phone': 'phone', 'called.at': 'at' },
    send: async ({ name, phone, at }) => {
      const called = { name, phone, at: new Date(at).toISOString() }
      await ask(api.POST('/v1/cities/{city}/providers/{id}/accounts/{line}/approval', { params: { path }, body: { called } }))
      await reread()
      toast(t.accountApproved)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={t.callTitle}>
      <Form form={form}>
        <p>{t.fresh}: <strong className="nowrap">{number}</strong></p>
        <Input label={t.calledName} maxLength={200} {...form.field('name')} />
        <Input label={t.calledPhone} hint={t.calledPhoneHint} type="tel" maxLength={20} {...form.field('phone')} />
        <Input label={t.calledAt} type="datetime-local" chars={20} {...form.field('at')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.approveAccount}</Button></div>
      </Form>
    </Sheet>
  )
}

function Versions({ provider, accounts }: { provider: Provider; accounts: readonly Account[] }) {
  const t = useTexts(townTexts)
  return (
    <CardList label={t.accounts}>
      {accounts.map(account => (
        <ListRow
          key={account.version}
          title={account.number}
          meta={[
            t.version(account.version),
            t.entered(account.changed_by_name, date(account.changed_at)),
            account.decided_by_name && t.decided(account.decided_by_name),
            account.called && t.called(account.called.name, account.called.phone, dateTime(account.called.at)),
            account.version === provider.account_version && t.inUse,
          ]
            .filter(Boolean)
            .join(' · ')}
          aside={<AccountTag state={account.state} />}
        />
      ))}
    </CardList>
  )
}
