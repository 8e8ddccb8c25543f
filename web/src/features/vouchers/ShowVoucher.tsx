import './voucher.css'
import { useQuery } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { Link } from 'wouter'
import arrow from '~icon/arrow-left'
import brightness from '~icon/brightness-high'
import download from '~icon/download'
import lock from '~icon/lock'
import pin from '~icon/geo-alt'
import { useCity } from '@/lib/city'
import { date, dateTime, money, time } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Icon } from '@/ui/Icon'
import { PageTitle, Section } from '@/ui/Page'
import { QrView } from '@/ui/Qr'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { BlockDialog, useVoucherActs } from './acts'
import { voucherQuery, type Voucher, type Where } from './calls'
import { FullScreen } from './FullScreen'
import { Movements } from './Movements'
import { GrantTag } from './states'
import { walletTexts } from './texts'

/** The voucher to show at a till: the code first, then what can be done with it, where, and what was. */
export function ShowVoucher({ id }: { id: string }) {
  const t = useTexts(walletTexts)
  const city = useCity()
  const voucher = useQuery(voucherQuery(city.slug, id))
  const isOnline = useSyncExternalStore(onNetwork, () => navigator.onLine)
  return (
    <div className="voucher">
      <div className="voucher-top">
        <Link href="/vouchery" className="voucher-back" aria-label={t.back}><Icon of={arrow} size={24} /></Link>
        <PageTitle title={t.show}>{voucher.data?.code ? t.show : voucher.data ? localised(voucher.data.programme.name).text : t.show}</PageTitle>
      </div>
      <Loaded query={voucher} waiting={<Skeleton lines={8} />}>
        {found => (
          <>
            <Face voucher={found} arms={city.arms} />
            {!isOnline && <p className="voucher-stale" role="status">{t.asOf(time(new Date(voucher.dataUpdatedAt)))}</p>}
            <Below voucher={found} city={city.slug} />
          </>
        )}
      </Loaded>
    </div>
  )
}

function onNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

/** The card itself: purpose, person, code, what is left and until when. */
function Face({ voucher, arms }: { voucher: Voucher; arms: string }) {
  const t = useTexts(walletTexts)
  const name = localised(voucher.programme.name)
  return (
    <div className="voucher-card">
      <div className="voucher-head">
        {arms && <img src={arms} alt="" width={44} height={52} />}
        <div>
          <h2 lang={name.lang}>{name.text}</h2>
          <p className="soft">{[t.for(voucher.beneficiary.name), voucher.parts > 1 ? t.part(voucher.part, voucher.parts) : ''].filter(Boolean).join(' · ')}</p>
        </div>
        <GrantTag grant={voucher} />
      </div>
      {voucher.code && voucher.short_code ? (
        <>
          <QrView value={voucher.code} code={voucher.short_code} />
          <p className="voucher-code">{voucher.short_code}</p>
        </>
      ) : (
        <Why voucher={voucher} />
      )}
      {voucher.voucher?.state === 'not_yet_valid' && <p className="voucher-note">{t.validFrom(dateTime(voucher.valid_from))}</p>}
      <hr className="voucher-tear" />
      <dl className="voucher-foot">
        <div><dt>{t.left}</dt><dd className="voucher-left">{money(voucher.spendable_minor)}</dd></div>
        <div><dt>{t.validUntil}</dt><dd>{date(voucher.valid_until)}</dd></div>
      </dl>
    </div>
  )
}

/** No code to show: why. */
function Why({ voucher }: { voucher: Voucher }) {
  const t = useTexts(walletTexts)
  const state = voucher.voucher?.state
  if (voucher.state === 'suspended' || voucher.state === 'revoked') return <Callout tone="warning">{t.suspendedWhy}</Callout>
  if (state === 'blocked') return <Callout tone="warning" title={t.blockedTitle}>{t.blockedWhy(money(voucher.spendable_minor))}</Callout>
  return <Callout tone="neutral">{state === 'expired' ? t.expiredWhy : t.usedWhy}</Callout>
}

function Below({ voucher, city }: { voucher: Voucher; city: string }) {
  const t = useTexts(walletTexts)
  const purpose = localised(voucher.programme.purpose)
  return (
    <>
      <Actions voucher={voucher} city={city} />
      <div className="voucher-below">
        <Section title={t.where}><Places where={voucher.where} /></Section>
        <Section title={t.terms}>
          <p><span className="soft">{t.purpose}:</span> <span lang={purpose.lang}>{purpose.text}</span></p>
          <p>{terms(voucher, t)}</p>
        </Section>
        <Section title={t.history}><Movements grant={voucher.id} movements={voucher.movements} /></Section>
      </div>
    </>
  )
}

function terms(voucher: Voucher, t: (typeof walletTexts)['cs']): string {
  const least = voucher.min_price_minor ? t.least(money(voucher.min_price_minor)) : ''
  const use = voucher.single_use ? (voucher.remainder === 'returns' ? t.onceReturns : t.once) : t.parts
  return [least, use].filter(Boolean).join(' ')
}

function Actions({ voucher, city }: { voucher: Voucher; city: string }) {
  const t = useTexts(walletTexts)
  const [isFull, setFull] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const { busy, problem, getPdf, stop, renew } = useVoucherActs(city, voucher.id, voucher.voucher?.revision ?? 0)

  return (
    <div className="voucher-actions">
      {voucher.code && voucher.short_code && (
        <div className="voucher-buttons">
          <button type="button" onClick={() => setFull(true)}><Icon of={brightness} size={24} />{t.fullScreen}</button>
          <button type="button" aria-disabled={busy === 'pdf' || undefined} onClick={() => void (busy || getPdf())}><Icon of={download} size={24} />{busy === 'pdf' ? t.pdfMaking : t.pdf}</button>
          <button type="button" onClick={() => setAsked(true)}><Icon of={lock} size={24} />{t.block}</button>
        </div>
      )}
      {voucher.voucher?.state === 'blocked' && voucher.state === 'active' && (
        <Button look="primary" wide size="l" busy={busy === 'reissue'} onClick={() => void renew()}>{t.reissue}</Button>
      )}
      {problem !== null && <ProblemCallout problem={problem} />}
      {isFull && voucher.code && voucher.short_code && <FullScreen code={voucher.code} shortCode={voucher.short_code} onClose={() => setFull(false)} />}
      <BlockDialog open={isAsked} onClose={() => setAsked(false)} busy={busy === 'block'} left={voucher.spendable_minor} onBlock={stop} />
    </div>
  )
}

const SHOWN_FIRST = 4

function Places({ where }: { where: readonly Where[] }) {
  const t = useTexts(walletTexts)
  const places = where.flatMap(({ name, branches }) => branches.map(branch => ({ title: branch.name === name ? name : `${name}, ${branch.name}`, address: branch.address })))
  const [isAll, setAll] = useState(places.length <= SHOWN_FIRST)
  if (!places.length) return <p className="soft">{t.noWhere}</p>
  return (
    <div className="stack gap-3">
      <ul className="stack gap-3">
        {places.slice(0, isAll ? undefined : SHOWN_FIRST).map(({ title, address }) => (
          <li key={title + address} className="voucher-place">
            <Icon of={pin} />
            <div><div className="strong">{title}</div><div className="small soft">{address}</div></div>
          </li>
        ))}
      </ul>
      {!isAll && <div><Button look="quiet" onClick={() => setAll(true)}>{t.allPlaces(places.length)}</Button></div>}
    </div>
  )
}
