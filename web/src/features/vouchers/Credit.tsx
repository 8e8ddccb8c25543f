import { deadline, money } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { MoneyLeft } from '@/ui/MoneyBar'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import type { GrantDetail } from './calls'
import { Movements } from './Movements'
import { GrantTag, isLiving } from './states'
import { walletTexts } from './texts'

/** Credit (or a voucher that is just being made): what is left, and every movement. */
export function Credit({ grant }: { grant: GrantDetail }) {
  const t = useTexts(walletTexts)
  const { at } = useWhose()
  const name = localised(grant.programme.name)
  return (
    <Page
      above={<Breadcrumbs crumbs={[{ label: t.heading, href: `${at}/vouchery` }, { label: name.text }]} />}
      heading={<span lang={name.lang}>{name.text}</span>}
      title={name.text}
      tag={<GrantTag grant={grant} />}
      lead={grant.mode === 'credit' ? t.creditHow : grant.voucher ? undefined : t.making}
      actions={grant.mode === 'credit' && isLiving(grant) && grant.spendable_minor > 0 ? <LinkButton look="primary" href={`${at}/nabidka`}>{t.toOffer}</LinkButton> : undefined}
    >
      <Card>
        <div className="stack gap-3">
          <p className="soft">{t.for(grant.beneficiary.name)}</p>
          <MoneyLeft left={grant.spendable_minor} of={grant.total_minor} held={grant.held_minor} ofWord={t.ofWord}>
            {t.until(deadline(grant.valid_until))}
            {grant.held_minor > 0 && <> · {t.held(money(grant.held_minor))}</>}
          </MoneyLeft>
        </div>
      </Card>
      <Section title={t.history}><Movements grant={grant.id} movements={grant.movements} /></Section>
    </Page>
  )
}
