/**
 * Prints what a first visit of each app downloads, gzipped, and fails when it is over its budget. The first visit is the app's
 * entry with its first screen, all that both import before they show, and the font's files that Czech needs; a browser test
 * holds this list (`--files`) against what a browser really asks for.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const KB = 1024
const CZECH_FONT = /^roboto-latin(-ext)?-wght-normal-.*\.woff2$/
const LIMITS = {
  'index.html': { app: 'www', screen: 'src/features/home/Home.tsx', js: 120, css: 20, font: 75, 'without font': 130 },
  'moje/index.html': { app: 'moje', screen: 'src/features/signin/SignIn.tsx', js: 130, css: 20, font: 75 },
  'admin/index.html': { app: 'admin', screen: 'src/features/signin/SignIn.tsx', js: 160, css: 20, font: 75 },
  'reader/index.html': { app: 'reader', screen: 'src/features/reader/Pairing.tsx', 'without font': 120 },
}

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'))
const fonts = readdirSync(`${dist}assets`).filter(file => CZECH_FONT.test(file)).map(file => `assets/${file}`)
const size = file => (file.endsWith('.woff2') ? readFileSync(dist + file) : gzipSync(readFileSync(dist + file))).length / KB

/** An entry with its first screen and everything that both import before they show. */
function firstLoad(entry, { screen, font }) {
  const files = new Set(font ? fonts : [])
  const visit = key => {
    const chunk = manifest[key]
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.css?.forEach(css => files.add(css))
    chunk.imports?.forEach(visit)
  }
  visit(entry)
  visit(screen)
  return [...files]
}

const loads = Object.entries(LIMITS).map(([entry, limit]) => ({ entry, limit, files: firstLoad(entry, limit) }))

if (process.argv.includes('--files')) {
  console.log(JSON.stringify(Object.fromEntries(loads.map(({ limit, files }) => [limit.app, files.sort()]))))
} else {
  let isOver = false
  for (const { entry, limit, files } of loads) {
    const sum = end => files.filter(file => file.endsWith(end)).reduce((total, file) => total + size(file), 0)
    const sizes = { js: sum('.js'), css: sum('.css'), font: sum('.woff2') }
    sizes['without font'] = sizes.js + sizes.css + size(entry)
    const parts = Object.entries(sizes).map(([kind, kilobytes]) => {
      const over = limit[kind] !== undefined && kilobytes > limit[kind]
      isOver ||= over
      return `${kind} ${kilobytes.toFixed(1)}${limit[kind] ? ` of ${limit[kind]}` : ''} KB${over ? ' OVER' : ''}`
    })
    console.log(`${limit.app.padEnd(7)} ${parts.join(' · ')}`)
  }
  process.exitCode = isOver ? 1 : 0
}
