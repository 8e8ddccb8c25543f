import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => /\.tsx?$/.test(file))

/** `lib/x.ts` → ['lib'], `features/orders/Order.tsx` → ['features', 'orders']. */
const roomOf = (file: string) => {
  const [floor, name] = file.split('/')
  return { floor: floor!, feature: floor === 'features' ? name! : null }
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(([, name]) => {
    if (name!.startsWith('@/')) return [name!.slice(2)]
    if (name!.startsWith('.')) return [relative(SRC, resolve(SRC, dirname(file), name!))]
    return []
  })
}

const MAY_IMPORT: Record<string, readonly string[]> = {
  lib: ['lib'],
  ui: ['lib', 'ui'],
  features: ['lib', 'ui', 'features'],
  apps: ['lib', 'ui', 'features', 'apps'],
}

test('there is something to check', () => expect(files.length).toBeGreaterThan(40))

test.each(files)('%s imports only what is below it', file => {
  const here = roomOf(file)
  for (const imported of importsOf(file)) {
    const there = roomOf(imported)
    expect(MAY_IMPORT[here.floor] ?? [there.floor], `${file} imports ${imported}`).toContain(there.floor)
    if (here.feature && there.feature) expect(there.feature, `${file} imports another feature: ${imported}`).toBe(here.feature)
  }
})
