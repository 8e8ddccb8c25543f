/** An app of one town: the town from the address, its theme, the sign-in where needed, the screen. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, type ComponentType, type ReactNode } from 'react'
import { Route as At, Router, Switch } from 'wouter'
import { useBrowserLocation } from 'wouter/use-browser-location'
import { appHref, CityProvider, cityQuery, type City } from '@/lib/city'
import type { Route, Routes } from '@/lib/routes'
import { hasAnyRole, providersIn, useSession, type App, type Session, type SessionState } from '@/lib/session'
import { texts, useTexts } from '@/lib/texts'
import { applyTheme, isColour } from '@/lib/theme'
import { LinkButton } from '@/ui/Button'
import { Page, setTitleEnd } from '@/ui/Page'
import { EmptyState, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { Problem } from '@/lib/api/problem'

const SignIn = lazy(() => import('@/features/signin/SignIn'))
const SignInAgain = lazy(() => import('@/features/signin/SignInAgain'))

const t$ = texts({
  cs: {
    brand: { www: 'Aktivní město', moje: 'Moje Aktivní město', admin: 'Správa', reader: 'Čtečka' },
    notFound: 'Tato stránka tu není',
    notFoundWhy: 'Adresa se mohla změnit, nebo k ní váš účet nemá přístup.',
    home: 'Na úvod',
    townUnknown: 'Takové město tu není',
    townUnknownWhy: 'Vyberte město ze seznamu.',
    towns: 'Seznam měst',
  },
  en: {
    brand: { www: 'Active Town', moje: 'My Active Town', admin: 'Administration', reader: 'Reader' },
    notFound: 'This page is not here',
    notFoundWhy: 'Its address may have changed, or your account has no access to it.',
    home: 'Home',
    townUnknown: 'There is no such town',
    townUnknownWhy: 'Choose a town from the list.',
    towns: 'List of towns',
  },
})

export type Shell = ComponentType<{ city: City; children: ReactNode }>

/** A part of an app with its own screens and navigation: in admin, the town's side and each provider's. */
export interface Side {
  /** After the town in the address, such as `/p/7f3a`; empty for the town's own. */
  at: string
  routes: Routes
  /** Navigation around the screens. */
  Shell: Shell
}

interface TownProps {
  app: App
  /** Told by what follows the town in the address. */
  sideAt: (rest: string) => Side
  /** Where there is no town in the address. */
  Landing: ComponentType
}

export function Town({ app, sideAt, Landing }: TownProps) {
  const [path] = useBrowserLocation()
  const [, slug, rest = ''] = /^\/([a-z0-9][a-z0-9-]*)(\/.*)?$/.exec(path.slice(appHref(app).length - 1)) ?? []
  return slug ? <OneTown key={slug} app={app} slug={slug} side={sideAt(rest)} /> : <Landing />
}

function OneTown({ app, slug, side }: { app: App; slug: string; side: Side }) {
  const t = useTexts(t$)
  const city = useQuery(cityQuery(slug))
  useEffect(() => {
    if (!city.data) return
    setTitleEnd(`${city.data.name} · ${t.brand[app]}`)
    if (isColour(city.data.colour)) applyTheme(city.data.colour)
  }, [city.data, app, t])
  if (city.error) return <NoTown app={app} problem={city.error} retry={() => void city.refetch()} />
  if (!city.data) return <Opening />
  return (
    <CityProvider value={city.data}>
      <Router base={appHref(app, slug).replace(/\/$/, '') + side.at}>
        <Screens key={side.at} app={app} city={city.data} side={side} />
      </Router>
    </CityProvider>
  )
}

/** Before it is known who is here and whose pages these are. */
function Opening() {
  return <main className="container main"><Skeleton lines={6} /></main>
}

function NoTown({ app, problem, retry }: { app: App; problem: unknown; retry: () => void }) {
  const t = useTexts(t$)
  const isUnknown = problem instanceof Problem && problem.status === 404
  return (
    <main className="container main">
      <Page heading={isUnknown ? t.townUnknown : t.brand[app]}>
        {isUnknown ? (
          <EmptyState title={t.townUnknownWhy} action={<LinkButton look="primary" href={appHref(app)} outside>{t.towns}</LinkButton>} />
        ) : (
          <ProblemCallout problem={problem} retry={retry} />
        )}
      </Page>
    </main>
  )
}

function Screens({ app, city, side: { at, routes, Shell } }: { app: App; city: City; side: Side }) {
  const sign = useSession()
  const screens = useMemo(() => routes.map(route => ({ route, Screen: lazy(route.load) })), [routes])
  return (
    <>
      <Switch>
        {screens.map(({ route, Screen }) => (
          <At key={route.path} path={route.path}>
            <Guarded {...{ app, city, route, sign, Shell, at }}><Screen /></Guarded>
          </At>
        ))}
        <At>
          <Guarded {...{ app, city, sign, Shell, at }}><NotFound /></Guarded>
        </At>
      </Switch>
      {sign.status === 'expired' && <Suspense fallback={null}><SignInAgain /></Suspense>}
    </>
  )
}

interface GuardedProps {
  app: App
  city: City
  route?: Route
  sign: SessionState
  Shell: Shell
  at: Side['at']
  children: ReactNode
}

/** Whether a screen is for this person: by their role in the town, on a provider's side by what they are there. */
export function mayOpen({ roles, provides }: Route, session: Session | null, city: string, at: Side['at']): boolean {
  const here = providersIn(session, city)[at.replace('/p/', '')]
  return (!roles || hasAnyRole(session, city, roles)) && (!provides || (here !== undefined && provides.includes(here)))
}

function Guarded({ app, city, route, sign, Shell, at, children }: GuardedProps) {
  const isOpen = app === 'www' || route?.open === true
  if (!isOpen && sign.status === 'unknown') return <Opening />
  if (!isOpen && !sign.session) return <Suspense fallback={null}><SignIn app={app} /></Suspense>
  const mayNot = route && !mayOpen(route, sign.session, city.slug, at)
  const screen = <Suspense fallback={<Skeleton lines={6} />}>{mayNot ? <NotFound /> : children}</Suspense>
  const withoutShell = route?.bare || (app !== 'www' && !sign.session)
  return withoutShell ? <main id="content" tabIndex={-1} className="bare">{screen}</main> : <Shell city={city}>{screen}</Shell>
}

export function NotFound() {
  const t = useTexts(t$)
  return (
    <Page heading={t.notFound}>
      <EmptyState title={t.notFoundWhy} action={<LinkButton look="primary" href="/">{t.home}</LinkButton>} />
    </Page>
  )
}
