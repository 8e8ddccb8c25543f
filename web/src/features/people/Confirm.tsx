import { api, ask } from '@/lib/api/client'
import { appHref, useCity } from '@/lib/city'
import { withNext } from '@/lib/next'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Page } from '@/ui/Page'
import { FromLink } from './FromLink'
import { registrationTexts } from './registration.texts'
import { useLinkNext } from './token'

/** The end of a registration: the link from the e-mail. */
export default function Confirm() {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const next = useLinkNext()
  const toMoje = <LinkButton look="primary" size="l" outside href={appHref('moje', city.slug, next)}>{next ? t.toNext : t.toMoje}</LinkButton>
  return (
    <FromLink
      heading={t.confirmHeading}
      lead={t.confirmLead}
      button={t.confirm}
      act={token => ask(api.POST('/v1/registrations/confirm', { body: { token } }))}
      spentWhy={t.spentWhy}
      wayOn={<>{toMoje}<LinkButton look="quiet" href={withNext('/registrace', next)}>{t.registerAgain}</LinkButton></>}
      done={<Page key="done" heading={t.confirmedHeading} lead={t.confirmed}><div className="buttons">{toMoje}</div></Page>}
    />
  )
}
