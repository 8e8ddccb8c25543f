/** Prints what a first visit of each app downloads, gzipped, and fails when it is over its budget. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const KB = 1024
const LIMITS = {
  'index.html': { app: 'www', screen: 'src/features/home/Home.tsx', js: 130, css: 20 },
  'moje/index.html': { app: 'moje', screen: 'src/features/signin/SignIn.tsx', js: 130, css: 20 },
  'admin/index.html': { app: 'admin', screen: 'src/features/signin/SignIn.tsx', js: 160, css: 20 },
  'reader/index.html': { app: 'reader', all: 150 },
}

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'))
const gzipped = file => gzipSync(readFileSync(dist + file)).length / KB

/** An entry with its first screen and everything that both import before they show. */
function firstLoad(entry, screen) {
  const files = new Set()
  const visit = key => {
    const chunk = manifest[key]
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.css?.forEach(css => files.add(css))
    chunk.imports?.forEach(visit)
  }
  visit(entry)
  if (screen) visit(screen)
  return [...files]
}

let isOver = false
for (const [entry, limit] of Object.entries(LIMITS)) {
  const files = firstLoad(entry, limit.screen)
  const sum = end => files.filter(file => file.endsWith(end)).reduce((total, file) => total + gzipped(file), 0)
  const sizes = { js: sum('.js'), css: sum('.css') }
  sizes.all = sizes.js + sizes.css + gzipped(entry)
  const parts = Object.entries(sizes).map(([kind, size]) => {
    const over = limit[kind] !== undefined && size > limit[kind]
    isOver ||= over
    return `${kind} ${size.toFixed(1)}${limit[kind] ? ` of ${limit[kind]}` : ''} KB${over ? ' OVER' : ''}`
  })
  console.log(`${limit.app.padEnd(7)} ${parts.join(' · ')}`)
}
process.exitCode = isOver ? 1 : 0
