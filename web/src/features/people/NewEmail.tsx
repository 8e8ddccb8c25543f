import { api, ask } from '@/lib/api/client'
import { appHref, useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Page } from '@/ui/Page'
import { FromLink } from './FromLink'
import { registrationTexts } from './registration.texts'

/** The link that a new e-mail is confirmed by. */
export default function NewEmail() {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const toMoje = <LinkButton look="primary" size="l" outside href={appHref('moje', city.slug, '/ucet')}>{t.toMoje}</LinkButton>
  return (
    <FromLink
      heading={t.newEmailHeading}
      lead={t.newEmailLead}
      button={t.confirm}
      act={token => ask(api.POST('/v1/email-changes/confirm', { body: { token } }))}
      spentWhy={t.newEmailSpentWhy}
      wayOn={toMoje}
      done={<Page key="done" heading={t.newEmailDone}><div className="buttons">{toMoje}</div></Page>}
    />
  )
}
