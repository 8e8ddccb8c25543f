/** Writes the API's types from docs/openapi.json; without that file the committed types stay as they are. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const source = here('../../docs/openapi.json')

if (existsSync(source)) {
  execFileSync(process.execPath, [here('../node_modules/openapi-typescript/bin/cli.js'), source, '-o', here('../src/lib/api/schema.d.ts')], { stdio: 'inherit' })
} else {
  console.log('docs/openapi.json is not there: the committed types stay')
}
