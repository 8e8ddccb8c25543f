import './providers.css'
import { useQuery } from '@tanstack/react-query'
import { useCity, useProviderHere } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Card, Facts } from '@/ui/Card'
import { Page, Section } from '@/ui/Page'
import { Loaded } from '@/ui/Waiting'
import { AccountSection } from './AccountSection'
import { BranchesSection } from './BranchesSection'
import { providerQuery, type Provider } from './calls'
import { MembersSection } from './MembersSection'
import { OrganisationForm } from './OrganisationForm'
import { PartsSection } from './PartsSection'
import { ownTexts, wordTexts } from './texts'
import { ProviderTag } from './words'

/** The organisation as its owner keeps it; a cashier only looks. */
export default function OwnSettings() {
  const t = useTexts(ownTexts)
  const city = useCity()
  const here = useProviderHere()
  const provider = useQuery(providerQuery(city.slug, here.id))
  const isOwner = here.role === 'owner'
  return (
    <Page heading={t.settings} lead={t.settingsLead}>
      <Loaded query={provider}>
        {data => (
          <div className="sections">
            <BranchesSection provider={data} mayEdit={isOwner} />
            {isOwner && <AccountSection provider={data} />}
            <PartsSection provider={data} mayJoin={isOwner} />
            <Section title={t.organisation}>
              <Organisation provider={data} />
              {isOwner && <OrganisationForm key={data.v} provider={data} />}
            </Section>
            {isOwner && <MembersSection />}
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Organisation({ provider }: { provider: Provider }) {
  const t = useTexts(ownTexts)
  const words = useTexts(wordTexts)
  return (
    <Card title={provider.name} aside={<ProviderTag state={provider.state} />}>
      <Facts
        facts={[
          { label: 'IČO', value: provider.ico },
          { label: t.seat, value: provider.seat },
          { label: t.form, value: words.legalForms[provider.legal_form] },
          { label: t.vat, value: provider.vat_payer ? words.vatPayer : words.notVatPayer },
        ]}
      />
      <p className="small soft">{t.fromRegister}</p>
    </Card>
  )
}
