/** The till's app: small, quick, without the design system. Its screens are loaded one by one. */
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { Route as At, Router, Switch } from 'wouter'
import { openQueue } from '@/features/reader/till'
import { applyLanguage, useLanguage } from '@/lib/texts'
import { routes } from './routes'

const screens = routes.map(route => ({ path: route.path, Screen: lazy(route.load) }))

function Reader() {
  useLanguage()
  return (
    <Router base="/reader">
      <Suspense fallback={null}>
        <Switch>{screens.map(({ path, Screen }) => <At key={path} path={path}><Screen /></At>)}</Switch>
      </Suspense>
    </Router>
  )
}

export function mount(): void {
  applyLanguage()
  void openQueue()
  if (import.meta.env.PROD) void navigator.serviceWorker?.register('/reader/sw.js', { scope: '/reader/' })
  createRoot(document.getElementById('root')!).render(<StrictMode><Reader /></StrictMode>)
}
