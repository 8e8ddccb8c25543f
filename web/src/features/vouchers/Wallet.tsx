import { useQuery } from '@tanstack/react-query'
import ticket from '~icon/ticket-perforated'
import { useCity } from '@/lib/city'
import { money } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Card, CardList, ListRow } from '@/ui/Card'
import { Page, Section } from '@/ui/Page'
import { EmptyState, Loaded, SkeletonCards } from '@/ui/Waiting'
import { grantsQuery, type Grant } from './calls'
import { GrantLeft } from './GrantLeft'
import { GrantTag, isLiving } from './states'
import { walletTexts } from './texts'

/** Everything the person was awarded: what can be used first, what is over below. */
export default function Wallet() {
  const t = useTexts(walletTexts)
  const city = useCity()
  const grants = useQuery(grantsQuery(city.slug))
  return (
    <Page heading={t.heading} lead={t.lead}>
      <Loaded query={grants} waiting={<SkeletonCards count={2} />}>
        {({ items }) => (items.length ? <Lists items={items} /> : <Nothing />)}
      </Loaded>
    </Page>
  )
}

function Nothing() {
  const t = useTexts(walletTexts)
  return (
    <Card>
      <EmptyState icon={ticket} title={t.empty} action={<LinkButton look="primary" href="/programy">{t.toProgrammes}</LinkButton>}>{t.emptyWhy}</EmptyState>
    </Card>
  )
}

function Lists({ items }: { items: readonly Grant[] }) {
  const t = useTexts(walletTexts)
  const living = items.filter(isLiving).sort((a, b) => a.valid_until.localeCompare(b.valid_until))
  const over = items.filter(grant => !isLiving(grant))
  return (
    <div className="stack gap-6">
      {living.length > 0 && (
        <Section title={t.toUse}>
          <ul className="grid grid-2">{living.map((grant, i) => <li key={grant.id}><Living grant={grant} isFirst={i === 0} /></li>)}</ul>
        </Section>
      )}
      {over.length > 0 && (
        <Section title={t.done}>
          <CardList label={t.done}>
            {over.map(grant => {
              const name = localised(grant.programme.name)
              return (
                <ListRow
                  key={grant.id}
                  href={`/vouchery/${grant.id}`}
                  title={<span lang={name.lang}>{name.text}</span>}
                  meta={[t.for(grant.beneficiary.name), money(grant.total_minor)].join(' · ')}
                  aside={<GrantTag grant={grant} />}
                />
              )
            })}
          </CardList>
        </Section>
      )}
      {living.length === 0 && <Nothing />}
    </div>
  )
}

function Living({ grant, isFirst }: { grant: Grant; isFirst: boolean }) {
  const t = useTexts(walletTexts)
  const name = localised(grant.programme.name)
  const look = isFirst ? 'primary' : 'secondary'
  return (
    <Card title={<span lang={name.lang}>{name.text}</span>} aside={<GrantTag grant={grant} />}>
      <div className="stack gap-3">
        <p className="soft">{[t.for(grant.beneficiary.name), grant.parts > 1 ? t.part(grant.part, grant.parts) : ''].filter(Boolean).join(' · ')}</p>
        <GrantLeft grant={grant} />
        {grant.mode === 'voucher' ? (
          grant.voucher ? <LinkButton look={look} wide icon={ticket} href={`/vouchery/${grant.id}`}>{t.showVoucher}</LinkButton> : <p className="soft">{t.making}</p>
        ) : (
          <div className="buttons">
            {grant.spendable_minor > 0 ? <LinkButton look={look} href="/nabidka">{t.toOffer}</LinkButton> : <LinkButton look={look} href="/objednavky">{t.toOrders}</LinkButton>}
            <LinkButton look="quiet" href={`/vouchery/${grant.id}`}>{t.history}</LinkButton>
          </div>
        )}
      </div>
    </Card>
  )
}
