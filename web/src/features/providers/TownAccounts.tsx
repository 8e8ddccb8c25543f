import { useQuery } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { Section } from '@/ui/Page'
import { Loaded } from '@/ui/Waiting'
import { accountsQuery, type Account, type Provider } from './calls'
import { Act } from './doing'
import { FINANCE, useMay } from './ProviderDetail'
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
              {pending && used && <Change provider={provider} pending={pending} used={used} />}
              {items.length === 0 ? <Card><p className="soft">{t.noAccounts}</p></Card> : <Versions provider={provider} accounts={items} />}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

function Change({ provider, pending, used }: { provider: Provider; pending: Account; used: Account }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const may = useMay(FINANCE)
  const path = { city: city.slug, id: provider.id, line: String(pending.version) }
  const approve = () => ask(api.POST('/v1/cities/{city}/providers/{id}/accounts/{line}/approval', { params: { path } }))
  const refuse = () => ask(api.POST('/v1/cities/{city}/providers/{id}/accounts/{line}/refusal', { params: { path } }))
  return (
    <Card>
      <Callout tone="warning" title={t.pendingTitle}>{t.pendingWhy}</Callout>
      <Facts
        facts={[
          { label: t.present, value: used.number },
          { label: t.fresh, value: <strong>{pending.number}</strong> },
          { label: '', value: <span className="small soft">{t.entered(pending.changed_by_name, date(pending.changed_at))}</span> },
        ]}
      />
      {may && (
        <div className="buttons">
          <Act provider={provider.id} label={t.approveAccount} look="primary" act={approve} done={t.accountApproved} />
          <Act provider={provider.id} label={t.refuseAccount} look="danger-quiet" act={refuse} done={t.accountRefused} />
        </div>
      )}
    </Card>
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
