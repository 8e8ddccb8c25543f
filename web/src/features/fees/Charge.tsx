import './fees.css'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import copyIcon from '~icon/copy'
import { useCity } from '@/lib/city'
import { date, money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { IconButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, CardList, Facts, ListRow } from '@/ui/Card'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { QrView } from '@/ui/Qr'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { chargeQuery, qrQuery, type Charge as ChargeData } from './calls'
import { titleOf } from './Charges'
import { ChargeStatus } from './ChargeStatus'
import { feeTexts } from './texts'

/** One charge: what is left, how to pay it, and what the bank says came. */
export default function Charge() {
  const { id } = useParams<{ id: string }>()
  const t = useTexts(feeTexts)
  const city = useCity()
  const query = useQuery(chargeQuery(city.slug, id))
  return (
    <Loaded screen query={query}>
      {({ charge, payments }) => (
        <Page
          above={<Breadcrumbs crumbs={[{ label: t.charges, href: '/platby' }, { label: titleOf(charge) }]} />}
          heading={titleOf(charge)}
          tag={<ChargeStatus state={charge.state} />}
          lead={charge.is_offered ? t.reduced(money(charge.to_pay_minor), date(charge.due_on)) : undefined}
        >
          {charge.left_minor < 0 && <Callout tone="info" title={t.overHelp} />}
          <div className="grid grid-2">
            <Card>
              <Facts
                money
                facts={[
                  { label: t.prescribed, value: money(charge.amount_minor, 'always') },
                  ...(charge.discount_minor > 0 ? [{ label: charge.is_offered ? t.discountUntil(date(charge.due_on)) : t.discount, value: money(-charge.discount_minor, 'always') }] : []),
                  ...(charge.let_off_minor > 0 ? [{ label: t.letOff, value: money(-charge.let_off_minor, 'always') }] : []),
                  { label: t.paid, value: money(-charge.paid_minor, 'always') },
                  { label: charge.left_minor < 0 ? t.over : t.left, value: <span className="strong">{money(Math.abs(charge.left_minor), 'always')}</span> },
                  { label: t.dueOn, value: date(charge.due_on) },
                  { label: t.whose, value: charge.name },
                ]}
              />
            </Card>
            {charge.to_pay_minor > 0 && <HowToPay charge={charge} />}
          </div>
          <Section title={t.payments}>
            {payments.length === 0 ? (
              <EmptyState title={t.noPayments}>{t.noPaymentsWhy}</EmptyState>
            ) : (
              <CardList label={t.payments}>{payments.map(one => <ListRow key={one.id} title={date(one.value_date)} aside={<span className="nowrap">{money(one.amount_minor, 'always')}</span>} />)}</CardList>
            )}
          </Section>
        </Page>
      )}
    </Loaded>
  )
}

function HowToPay({ charge }: { charge: ChargeData }) {
  const t = useTexts(feeTexts)
  const city = useCity()
  const qr = useQuery(qrQuery(city.slug, charge.id, true))
  const details = [
    { label: t.amount, value: money(charge.to_pay_minor, 'always'), copy: (charge.to_pay_minor / 100).toFixed(2).replace('.', ',') },
    { label: t.account, value: charge.account, copy: charge.account },
    { label: t.vs, value: charge.vs, copy: charge.vs },
    ...(charge.ss ? [{ label: t.ss, value: charge.ss, copy: charge.ss }] : []),
    ...(charge.ks ? [{ label: t.ks, value: charge.ks, copy: charge.ks }] : []),
  ]
  return (
    <Card level={2} title={t.qr}>
      <p className="soft">{t.qrHelp}</p>
      <Loaded query={qr}>{({ spayd, amount_minor }) => <div className="qr-payment"><QrView value={spayd} code={`${money(amount_minor)}, VS ${charge.vs}`} /><span className="small">QR platba</span></div>}</Loaded>
      <h3>{t.byHand}</h3>
      <Facts facts={details.map(({ label, value, copy }) => ({ label, value: <span className="row gap-2"><span className="nowrap">{value}</span><Copy what={label} text={copy} /></span> }))} />
    </Card>
  )
}

function Copy({ what, text }: { what: string; text: string }) {
  const t = useTexts(feeTexts)
  const toast = useToast()
  return <IconButton icon={copyIcon} label={`${t.copy}: ${what}`} onClick={() => void navigator.clipboard.writeText(text).then(() => toast(t.copied))} />
}
