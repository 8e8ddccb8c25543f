import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import check from '~icon/check-lg'
import clock from '~icon/clock'
import download from '~icon/download'
import { useCity } from '@/lib/city'
import { saveAs } from '@/lib/csv'
import { date, day, dateTime, money } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { Button, LinkButton } from '@/ui/Button'
import { Card, Facts } from '@/ui/Card'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Status, Tag, type Tone } from '@/ui/Tag'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { grantQuery, proofQuery, type GrantDetail, type Movement, type Proof } from './calls'
import { DisputeDialog } from './DisputeDialog'
import { walletTexts } from './texts'

/** One movement of a contribution: what happened, and that it is in the town's books. */
export default function Receipt() {
  const { id, transfer } = useParams<{ id: string; transfer: string }>()
  const city = useCity()
  const grant = useQuery(grantQuery(city.slug, id))
  return (
    <Loaded screen query={grant}>
      {found => {
        const movement = found.movements.find(one => one.id === transfer)
        return movement ? <Shown grant={found} movement={movement} /> : <Gone grant={id} />
      }}
    </Loaded>
  )
}

function Gone({ grant }: { grant: string }) {
  const t = useTexts(walletTexts)
  const { at } = useWhose()
  return (
    <Page heading={t.movement}>
      <Card><EmptyState title={t.movementGone} action={<LinkButton href={`${at}/vouchery/${grant}`}>{t.history}</LinkButton>}>{t.movementGoneWhy}</EmptyState></Card>
    </Page>
  )
}

const TONES: Record<string, Tone> = { accepted: 'success', paid: 'success', undone: 'neutral', disputed: 'warning' }

function Shown({ grant, movement }: { grant: GrantDetail; movement: Movement }) {
  const t = useTexts(walletTexts)
  const city = useCity()
  const { at } = useWhose()
  const [isWrong, setWrong] = useState(false)
  const name = localised(grant.programme.name)
  const canDispute = !at && movement.redemption && (movement.state === 'accepted' || movement.state === 'paid')
  const amount = movement.amount_minor === 0 ? '' : ` ${money(Math.abs(movement.amount_minor))}`
  return (
    <Page
      above={<Breadcrumbs crumbs={[{ label: t.heading, href: `${at}/vouchery` }, { label: name.text, href: `${at}/vouchery/${grant.id}` }, { label: t.movement }]} />}
      heading={t.kinds[movement.kind] + amount}
      tag={movement.state && <Tag tone={TONES[movement.state] ?? 'neutral'}>{t.redemptionStates[movement.state]}</Tag>}
    >
      <Card>
        <Facts
          facts={[
            { label: t.when, value: dateTime(movement.at) },
            ...(movement.provider_name ? [{ label: t.place, value: movement.provider_name }] : []),
            { label: t.programme, value: <span lang={name.lang}>{name.text}</span> },
            { label: t.forWhom, value: grant.beneficiary.name },
            ...(movement.receipt_number ? [{ label: t.receiptNumber, value: <span className="nowrap">{movement.receipt_number}</span> }] : []),
          ]}
        />
        {canDispute && (
          <div className="buttons"><Button look="neutral" onClick={() => setWrong(true)}>{t.dispute}</Button></div>
        )}
      </Card>
      <Section title={t.inBooks}><InBooks grant={grant.id} movement={movement} /></Section>
      {movement.redemption && <DisputeDialog open={isWrong} city={city.slug} grant={grant.id} redemption={movement.redemption} onDone={() => setWrong(false)} />}
    </Page>
  )
}

function InBooks({ grant, movement }: { grant: string; movement: Movement }) {
  const t = useTexts(walletTexts)
  const city = useCity()
  const proof = useQuery(proofQuery(city.slug, grant, movement.id))
  const save = (found: Proof) => saveAs(`doklad-${movement.id}.json`, `${JSON.stringify(found, null, 2)}\n`, 'application/json')
  return (
    <Card>
      <Loaded query={proof}>
        {found => (
          <div className="stack gap-3">
            <ul className="stack gap-2">
              <li><Status tone="success" icon={check}>{t.written}</Status></li>
              <li>
                {found.seal ? (
                  <Status tone="success" icon={check}>{t.sealed(date(found.seal.day))}</Status>
                ) : (
                  <Status tone="neutral" icon={clock}>{day(movement.at) === day() ? t.sealTonight : t.sealSoon}</Status>
                )}
              </li>
            </ul>
            <p className="small soft">{t.sealWhy}</p>
            {found.seal ? (
              <>
                <div className="buttons"><Button icon={download} onClick={() => save(found)}>{t.getProof}</Button></div>
                <p className="small soft">{t.proofFor}</p>
              </>
            ) : (
              <p className="small soft">{t.proofLater}</p>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  )
}
