/** Starts an app: language, sign-in, queries, toasts. */
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from '@/lib/query'
import { onSession, sessionNow, startSession, type App } from '@/lib/session'
import { applyLanguage, useLanguage } from '@/lib/texts'
import { Toasts } from '@/ui/Toast'

const RELOADED_AT = 'reloaded_at'
const RELOAD_AGAIN_AFTER_MS = 60_000

export function mount(app: App, Root: () => ReactNode): void {
  applyLanguage()
  addEventListener('vite:preloadError', reloadForNewBuild)
  const queries = makeQueryClient()
  let before = sessionNow()
  onSession(() => {
    const now = sessionNow()
    if (before.session && before.session.person.id !== now.session?.person.id) forget(queries)
    else if (before.status === 'expired' && now.status === 'signed_in') void queries.invalidateQueries()
    before = now
  })
  void startSession(app)
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Toasts>
          <InLanguage Root={Root} />
        </Toasts>
      </QueryClientProvider>
    </StrictMode>,
  )
}

/** After a new build the old screens are gone: one reload brings the new ones. Not twice: then the network is to blame. */
function reloadForNewBuild(event: Event): void {
  const last = Number(sessionStorage.getItem(RELOADED_AT) ?? 0)
  if (Date.now() - last < RELOAD_AGAIN_AFTER_MS) return
  event.preventDefault()
  sessionStorage.setItem(RELOADED_AT, String(Date.now()))
  location.reload()
}

/** Nobody sees what another person loaded. Once the screens of the one who left are gone. */
function forget(queries: QueryClient): void {
  setTimeout(() => queries.removeQueries({ predicate: ({ queryKey: [what] }) => what !== 'city' && what !== 'cities' }))
}

/** Renders everything again after a change of language, without losing what is typed. */
function InLanguage({ Root }: { Root: () => ReactNode }) {
  useLanguage()
  return <Root />
}
