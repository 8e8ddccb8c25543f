/**
 * `import clock from '~icon/clock'` gives the inside of that Bootstrap icon's SVG as a string,
 * so that a screen carries only the icons it shows and nothing is fetched at run time.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const PREFIX = '~icon/'

export function icons(): Plugin {
  return {
    name: 'icons',
    enforce: 'pre',
    resolveId: id => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null
      const name = id.slice(PREFIX.length + 1)
      const file = fileURLToPath(new URL(`../node_modules/bootstrap-icons/icons/${name}.svg`, import.meta.url))
      const svg = readFileSync(file, 'utf8')
      const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').replace(/\s*\n\s*/g, '')
      return `export default ${JSON.stringify(inside)}`
    },
  }
}
