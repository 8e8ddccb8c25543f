import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCity } from '@/lib/city'
import { localised, useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { Button, LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Breadcrumbs, Page } from '@/ui/Page'
import { EmptyState, Loaded, ProblemCallout, SkeletonCards } from '@/ui/Waiting'
import { BlockDialog, useVoucherActs } from './acts'
import { grantsOfQuery, type Grant } from './calls'
import { GrantLeft } from './GrantLeft'
import { GrantTag, isLiving, mayOrder } from './states'
import { walletTexts } from './texts'

/** The credit and vouchers of somebody without a sign-in, for the assistant who registered them. */
export default function AtDesk() {
  const t = useTexts(walletTexts)
  const city = useCity()
  const { person, at } = useWhose()
  const grants = useQuery(grantsOfQuery(city.slug, person))
  return (
    <Page heading={t.heading} lead={t.deskLead} above={<Breadcrumbs crumbs={[{ label: t.toPerson, href: at }, { label: t.heading }]} />}>
      <Loaded query={grants} waiting={<SkeletonCards count={2} />}>
        {({ items }) =>
          items.length === 0
            ? <EmptyState title={t.empty} />
            : <ul className="grid grid-2">{items.map(grant => <li key={grant.id}><One grant={grant} city={city.slug} at={at} /></li>)}</ul>
        }
      </Loaded>
    </Page>
  )
}

function One({ grant, city, at }: { grant: Grant; city: string; at: string }) {
  const t = useTexts(walletTexts)
  const name = localised(grant.programme.name)
  return (
    <Card title={<span lang={name.lang}>{name.text}</span>} level={2} aside={<GrantTag grant={grant} />}>
      <div className="stack gap-3">
        <p className="soft">{t.for(grant.beneficiary.name)}</p>
        <GrantLeft grant={grant} />
        {grant.voucher && isLiving(grant) && <Acts grant={grant} voucher={grant.voucher} city={city} />}
        {grant.mode === 'voucher' && !grant.voucher && <p className="soft">{t.making}</p>}
        <div className="buttons">
          {mayOrder(grant) && <LinkButton look="primary" href={`${at}/nabidka`}>{t.toOffer}</LinkButton>}
          <LinkButton href={`${at}/vouchery/${grant.id}`}>{t.history}</LinkButton>
        </div>
      </div>
    </Card>
  )
}

function Acts({ grant, voucher, city }: { grant: Grant; voucher: NonNullable<Grant['voucher']>; city: string }) {
  const t = useTexts(walletTexts)
  const [isAsked, setAsked] = useState(false)
  const { busy, problem, getPdf, stop, renew } = useVoucherActs(city, voucher.id, voucher.revision)
  const isBlocked = voucher.state === 'blocked'
  return (
    <>
      <div className="buttons">
        {isBlocked && grant.state === 'active' && <Button look="primary" busy={busy === 'reissue'} onClick={() => void renew()}>{t.reissue}</Button>}
        {!isBlocked && <Button look="primary" busy={busy === 'pdf'} onClick={() => void getPdf()}>{t.print}</Button>}
        {!isBlocked && <Button onClick={() => setAsked(true)}>{t.block}</Button>}
      </div>
      {problem !== null && <ProblemCallout problem={problem} />}
      <BlockDialog open={isAsked} onClose={() => setAsked(false)} busy={busy === 'block'} left={grant.spendable_minor} onBlock={stop} />
    </>
  )
}
