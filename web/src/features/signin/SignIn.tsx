import { useLocation } from 'wouter'
import { appHref, useMaybeCity } from '@/lib/city'
import { safeNext, withNext } from '@/lib/next'
import type { App } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Card } from '@/ui/Card'
import { PageTitle } from '@/ui/Page'
import { Arms, ContactLinks, LanguageSwitch } from '@/ui/shells/parts'
import { SignInForm } from './SignInForm'
import { signInTexts } from './texts'
import './signin.css'

/** Shown instead of any screen that needs a person; the address stays, so the screen follows. */
export default function SignIn({ app }: { app: App }) {
  const t = useTexts(signInTexts)
  const city = useMaybeCity()
  const next = safeNext(useLocation()[0])
  return (
    <main id="content" tabIndex={-1} className="signin">
      {city && (
        <a className="brand" href={appHref('www', city.slug)}>
          <Arms city={city} />
          <span className="strong">{city.name}</span>
        </a>
      )}
      <Card>
        <div className="stack gap-1">
          <PageTitle>{t.heading[app]}</PageTitle>
          <p className="soft">{t.lead[app]}</p>
        </div>
        <SignInForm />
        {city && (
          <div className="signin-more">
            {app === 'moje' && <span>{t.noAccount} <a href={withNext(appHref('www', city.slug, '/registrace'), next)}>{t.register}</a></span>}
            <a href={withNext(appHref('www', city.slug, '/heslo'), app === 'moje' ? next : '')}>{t.forgotten}</a>
          </div>
        )}
      </Card>
      {city && (
        <div className="small soft signin-help">
          <p>{t.help}</p>
          <ContactLinks contact={city.contact} />
        </div>
      )}
      <LanguageSwitch />
    </main>
  )
}
