/**
 * Writes /reader/sw.js, which keeps the till's app usable without a connection: everything that the reader
 * may need is stored when it is first opened. A new version takes over once the app is closed, so that a
 * running till never misses a part of the old one.
 */
import { createHash } from 'node:crypto'
import type { Plugin, Rolldown } from 'vite'

export function readerWorker(): Plugin {
  return {
    name: 'reader-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = ['/reader/', ...filesOf('reader', bundle).map(file => `/${file}`)].sort()
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'reader/sw.js', source: worker(version, files) })
    },
  }
}

/** An entry with all that it imports, now or later. */
function filesOf(entry: string, bundle: Rolldown.OutputBundle): string[] {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    const chunk = bundle[file]
    if (chunk?.type !== 'chunk') return
    chunk.viteMetadata?.importedCss.forEach(css => found.add(css))
    ;[...chunk.imports, ...chunk.dynamicImports].forEach(visit)
  }
  Object.values(bundle).forEach(one => one.type === 'chunk' && one.isEntry && one.name === entry && visit(one.fileName))
  return [...found]
}

/** The scanner's wasm and other assets are stored when they first pass by; the API is never touched. */
const worker = (version: string, files: readonly string[]) => `const CACHE = 'reader-${version}'
const FILES = ${JSON.stringify(files)}

addEventListener('install', event => event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(FILES))))

addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('reader-') && name !== CACHE) await caches.delete(name)
})()))

addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(stored('/reader/', request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(stored(url.pathname, request))
})

async function stored(key, request) {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(key)
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok && key.startsWith('/assets/')) await cache.put(key, fresh.clone())
  return fresh
}
`
