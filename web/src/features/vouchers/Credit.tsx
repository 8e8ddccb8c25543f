import { localised, useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import type { GrantDetail } from './calls'
import { Movements } from './Movements'
import { GrantLeft } from './GrantLeft'
import { GrantTag, mayOrder } from './states'
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
      actions={mayOrder(grant) ? <LinkButton look="primary" href={`${at}/nabidka`}>{t.toOffer}</LinkButton> : undefined}
    >
      <Card>
        <div className="stack gap-3">
          <p className="soft">{t.for(grant.beneficiary.name)}</p>
          <GrantLeft grant={grant} />
        </div>
      </Card>
      <Section title={t.history}><Movements grant={grant.id} movements={grant.movements} /></Section>
    </Page>
  )
}
