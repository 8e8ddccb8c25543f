/** Writes the API's types from docs/openapi.json, without its examples, or into the file that is named; without that document
 * the committed types stay as they are. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const source = here('../../docs/openapi.json')

if (existsSync(source)) {
  const input = JSON.stringify(JSON.parse(readFileSync(source, 'utf8'), (key, value) => (key === 'example' ? undefined : value)))
  const target = process.argv[2] ?? here('../src/lib/api/schema.d.ts')
  const command = [here('../node_modules/openapi-typescript/bin/cli.js'), '-o', target]
  execFileSync(process.execPath, command, { input, stdio: ['pipe', 'inherit', 'inherit'] })
} else {
  console.log('docs/openapi.json is not there: the committed types stay')
}
