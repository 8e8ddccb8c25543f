import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import bank from '~icon/bank'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, ListRow } from '@/ui/Card'
import { Sheet } from '@/ui/Dialog'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { accountsQuery, type Account, type Provider } from './calls'
import { useReread } from './saving'
import { ownTexts } from './texts'
import { AccountTag } from './words'

/** Where payouts go: the account in use, a change that waits, and the versions before. */
export function AccountSection({ provider }: { provider: Provider }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const [changing, setChanging] = useState(false)
  const accounts = useQuery(accountsQuery(city.slug, provider.id))
  const isFirst = accounts.data?.items.length === 0
  const change = !provider.account_pending && (
    <Button look={isFirst && !provider.missing.includes('branch') ? 'primary' : 'secondary'} onClick={() => setChanging(true)}>{isFirst ? t.addAccountButton : t.changeAccount}</Button>
  )
  return (
    <Section title={t.account} aside={!isFirst && change}>
      <Loaded query={accounts}>
        {({ items }) => (items.length === 0 ? <EmptyState icon={bank} title={t.noAccount} action={change}>{t.noAccountWhy}</EmptyState> : <Accounts provider={provider} accounts={items} />)}
      </Loaded>
      {changing && <AccountSheet provider={provider} isFirst={isFirst} onClose={() => setChanging(false)} />}
    </Section>
  )
}

function Accounts({ provider, accounts }: { provider: Provider; accounts: readonly Account[] }) {
  const t = useTexts(ownTexts)
  const used = accounts.find(account => account.version === provider.account_version)
  const pending = accounts.find(account => account.version === provider.account_pending)
  const others = accounts.filter(account => account !== used && account !== pending)
  return (
    <>
      {pending && <Callout tone="warning">{t.pending(pending.number)}</Callout>}
      {used && (
        <Card>
          <div className="split">
            <span className="account-number">{used.number}</span>
            <AccountTag state={used.state} />
          </div>
        </Card>
      )}
      {others.length > 0 && (
        <CardList label={t.history}>
          {others.map(account => (
            <ListRow key={account.version} title={account.number} meta={`${t.version(account.version)} · ${date(account.changed_at)}`} aside={<AccountTag state={account.state} />} />
          ))}
        </CardList>
      )}
    </>
  )
}

function AccountSheet({ provider, isFirst, onClose }: { provider: Provider; isFirst: boolean; onClose: () => void }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const toast = useToast()
  const reread = useReread(provider.id)
  const schema = useMemo(() => v.object({ number: filled(t.accountNeeded, 30) }), [t])
  const form = useForm({
    schema,
    defaults: { number: '' },
    send: async body => {
      await ask(api.POST('/v1/cities/{city}/providers/{id}/accounts', { params: { path: { city: city.slug, id: provider.id } }, body }))
      await reread()
      toast(t.accountSent)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={isFirst ? t.addAccountButton : t.changeAccount}>
      <Form form={form}>
        {!isFirst && <Callout tone="info">{t.accountNote}</Callout>}
        <Input label={t.accountNumber} hint={t.accountHint} autoComplete="off" chars={20} {...form.field('number')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.saveAccount}</Button></div>
      </Form>
    </Sheet>
  )
}
