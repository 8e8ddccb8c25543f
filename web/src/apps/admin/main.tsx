import '@/ui/styles/all.css'
import { useQueries } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, type ReactNode } from 'react'
import book from '~icon/journal-text'
import calendar from '~icon/calendar-week'
import cash from '~icon/cash-stack'
import chart from '~icon/bar-chart'
import collection from '~icon/collection'
import eye from '~icon/eye'
import gear from '~icon/gear'
import grid from '~icon/columns-gap'
import inbox from '~icon/inbox'
import people from '~icon/people'
import phone from '~icon/phone'
import qr from '~icon/qr-code-scan'
import shop from '~icon/shop'
import tags from '~icon/tags'
import { TownsOf } from '@/features/home/Towns'
import { api, ask } from '@/lib/api/client'
import { appHref, ProviderHereProvider, useCity, type City } from '@/lib/city'
import { hasAnyRole, providersIn, rolesIn, useSession, type Role, type Session } from '@/lib/session'
import { READERS as PAYOUT_READERS } from '@/features/payouts/roles'
import { texts, useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Page } from '@/ui/Page'
import { AdminShell, type Side as Hat } from '@/ui/shells/AdminShell'
import { EmptyState } from '@/ui/Waiting'
import { mount } from '../shared/mount'
import { navOf } from '../shared/nav'
import { mayOpen, NotFound, Town } from '../shared/Town'
import { providerRoutes, townRoutes } from './routes'

const FrozenBanner = lazy(() => import('@/features/audit/FrozenBanner'))

const t$ = texts({
  cs: {
    overview: 'Přehled', applications: 'Žádosti', programmes: 'Programy', people: 'Lidé', accesses: 'Kdo se díval', providers: 'Poskytovatelé', payouts: 'Výplaty', checks: 'Kontrola uplatnění',
    exports: 'Přehledy a exporty', books: 'Kniha', settings: 'Nastavení', orders: 'Objednávky', offer: 'Nabídka', redemptions: 'Uplatnění', tills: 'Pokladny',
    townHall: (town: string) => `Úřad: ${town}`,
    provider: 'Poskytovatel',
    noWork: 'Tady zatím nic nespravujete',
    noWorkWhy: 'Přístup přidělí správa města, nebo vás pozve poskytovatel. Nabídnutou roli potvrzuje ještě druhý správce.',
    toMoje: 'Přejít do mého účtu',
    roles: {
      citizen: 'Občan', admin: 'Správa města', programme_owner: 'Garance programu', clerk: 'Posuzování žádostí', assistant: 'Infocentrum',
      authorising_officer: 'Příkazce operace', budget_officer: 'Správce rozpočtu', chief_accountant: 'Hlavní účetní', auditor: 'Kontrola', privacy_officer: 'Pověřenec',
    },
    provides: { owner: 'Vedení', cashier: 'Pokladna' },
  },
  en: {
    overview: 'Overview', applications: 'Applications', programmes: 'Programmes', people: 'People', accesses: 'Who looked', providers: 'Providers', payouts: 'Payouts', checks: 'Checks of redemptions',
    exports: 'Figures and exports', books: 'Books', settings: 'Settings', orders: 'Orders', offer: 'Offer', redemptions: 'Redemptions', tills: 'Tills',
    townHall: (town: string) => `Town hall: ${town}`,
    provider: 'Provider',
    noWork: 'You administer nothing here yet',
    noWorkWhy: 'The town’s administrator gives access, or a provider invites you. A role that was offered waits for a second administrator’s yes.',
    toMoje: 'Go to my account',
    roles: {
      citizen: 'Citizen', admin: 'Town administrator', programme_owner: 'Programme owner', clerk: 'Clerk', assistant: 'Information desk',
      authorising_officer: 'Authorising officer', budget_officer: 'Budget officer', chief_accountant: 'Chief accountant', auditor: 'Auditor', privacy_officer: 'Privacy officer',
    },
    provides: { owner: 'Owner', cashier: 'Cashier' },
  },
})

const staffRoles = (session: Session | null, city: string) => rolesIn(session, city).filter(role => role !== 'citizen')

const HOUR_MS = 3_600_000

/** Names of the providers that the person works for, as far as they are loaded. */
function useProviderNames(city: City, ids: readonly string[]): ReadonlyMap<string, string> {
  return useQueries({
    queries: ids.map(id => ({
      queryKey: ['provider-name', city.slug, id],
      queryFn: async () => (await ask(api.GET('/v1/cities/{city}/providers/{id}', { params: { path: { city: city.slug, id } } }))).name,
      staleTime: HOUR_MS,
    })),
    combine: answers => new Map(ids.flatMap((id, i) => (answers[i]?.data ? [[id, answers[i].data]] : []))),
  })
}

/** Who has a queue of people to verify gets to the look-up from there. */
const checksPeople = (session: Session | null, city: string) => rolesIn(session, city).some(role => role === 'clerk' || role === 'assistant')

/** Who only looks at single redemptions gets to those from the navigation. */
const seesPayouts = (session: Session | null, city: string) => hasAnyRole(session, city, PAYOUT_READERS)

/** Everyone a person works for in this town, for the switch in the side navigation. */
function useHats(city: City, session: Session, here: string): Hat[] {
  const t = useTexts(t$)
  const providerIds = Object.keys(providersIn(session, city.slug))
  const names = useProviderNames(city, providerIds)
  const townHall = staffRoles(session, city.slug).length > 0 ? [{ href: appHref('admin', city.slug), label: t.townHall(city.name), current: here === '' }] : []
  const providers = providerIds.map((id, i) => ({ href: appHref('admin', city.slug, `/p/${id}`), label: names.get(id) ?? `${t.provider} ${i + 1}`, current: here === id }))
  return [...townHall, ...providers]
}

function TownShell({ city, children }: { city: City; children: ReactNode }) {
  const t = useTexts(t$)
  const { session } = useSession()
  const items = useMemo(
    () =>
      navOf(
        [
          { href: '/', label: t.overview, icon: grid },
          { href: '/zadosti', label: t.applications, icon: inbox },
          { href: '/programy', label: t.programmes, icon: collection },
          { href: '/lide', label: t.people, icon: people },
          ...(checksPeople(session, city.slug) ? [] : [{ href: '/lide/hledat', label: t.people, icon: people }]),
          { href: '/lide/nahledy', label: t.accesses, icon: eye },
          { href: '/poskytovatele', label: t.providers, icon: shop },
          { href: '/vyplaty', label: t.payouts, icon: cash },
          ...(seesPayouts(session, city.slug) ? [] : [{ href: '/vyplaty/kontrola', label: t.checks, icon: cash }]),
          { href: '/exporty', label: t.exports, icon: chart },
          { href: '/kniha', label: t.books, icon: book },
          { href: '/nastaveni', label: t.settings, icon: gear },
        ],
        townRoutes.filter(route => mayOpen(route, session, city.slug, '')),
        rolesIn(session, city.slug),
      ),
    [t, session, city.slug],
  )
  const hats = useHats(city, session!, '')
  const roles = staffRoles(session, city.slug)
  if (roles.length === 0) return <NoWork hats={hats} />
  const notice = <Suspense fallback={null}><FrozenBanner city={city.slug} /></Suspense>
  return <AdminShell {...{ city, items, sides: hats, notice }} session={session!} roleLabel={roleLine(roles, t.roles)}>{children}</AdminShell>
}

const roleLine = (roles: readonly Role[], names: Record<Role, string>) => roles.map(role => names[role] ?? role).join(', ')

function NoWork({ hats }: { hats: readonly Hat[] }) {
  const t = useTexts(t$)
  const city = useCity()
  const only = hats.length === 1 ? hats[0]!.href : null
  useEffect(() => {
    if (only) location.replace(only)
  }, [only])
  return (
    <main id="content" className="container main">
      <Page heading={hats.length > 0 ? city.name : t.noWork}>
        {hats.length > 0 ? (
          <div className="stack form">{hats.map(hat => <LinkButton key={hat.href} outside href={hat.href}>{hat.label}</LinkButton>)}</div>
        ) : (
          <EmptyState title={t.noWorkWhy} action={<LinkButton outside href={appHref('moje', city.slug)}>{t.toMoje}</LinkButton>} />
        )}
      </Page>
    </main>
  )
}

function providerShell(id: string) {
  return function ProviderShell({ city, children }: { city: City; children: ReactNode }) {
    const t = useTexts(t$)
    const { session } = useSession()
    const role = providersIn(session, city.slug)[id]
    const items = useMemo(
      () =>
        navOf(
          [
            { href: '/', label: t.overview, icon: grid },
            { href: '/objednavky', label: t.orders, icon: calendar },
            { href: '/nabidka', label: t.offer, icon: tags },
            { href: '/uplatneni', label: t.redemptions, icon: qr },
            { href: '/vyplaty', label: t.payouts, icon: cash },
            { href: '/pokladny', label: t.tills, icon: phone },
            { href: '/nastaveni', label: t.settings, icon: gear },
          ],
          providerRoutes.filter(route => mayOpen(route, session, city.slug, `/p/${id}`)),
        ),
      [t, session, city.slug],
    )
    const hats = useHats(city, session!, id)
    if (!role) return <main id="content" className="container main"><NotFound /></main>
    return (
      <ProviderHereProvider value={{ id, role }}>
        <AdminShell {...{ city, items, sides: hats }} session={session!} roleLabel={t.provides[role]} provider={hats.find(hat => hat.current)?.label}>{children}</AdminShell>
      </ProviderHereProvider>
    )
  }
}

const townSide = { at: '', routes: townRoutes, Shell: TownShell }
const providerSides = new Map<string, ReturnType<typeof makeProviderSide>>()
const makeProviderSide = (id: string) => ({ at: `/p/${id}`, routes: providerRoutes, Shell: providerShell(id) })

function sideAt(rest: string) {
  const id = /^\/p\/([^/]+)/.exec(rest)?.[1]
  if (!id) return townSide
  if (!providerSides.has(id)) providerSides.set(id, makeProviderSide(id))
  return providerSides.get(id)!
}

const Landing = () => <TownsOf app="admin" />

mount('admin', () => <Town app="admin" sideAt={sideAt} Landing={Landing} />)
