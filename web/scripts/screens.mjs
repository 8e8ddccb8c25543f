/** Prints, as JSON, every route of every app and the words of the English catalogues: what the browser tests visit and must not see. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { createServer } from 'vite'

const root = fileURLToPath(new URL('../', import.meta.url))
const TABLES = [
  { side: 'www', file: '/src/apps/www/routes.ts', table: 'routes' },
  { side: 'moje', file: '/src/apps/moje/routes.ts', table: 'routes' },
  { side: 'town', file: '/src/apps/admin/routes.ts', table: 'townRoutes' },
  { side: 'provider', file: '/src/apps/admin/routes.ts', table: 'providerRoutes' },
  { side: 'reader', file: '/src/apps/reader/routes.ts', table: 'routes' },
]

async function routes() {
  const vite = await createServer({ root, logLevel: 'error', server: { middlewareMode: true, hmr: false, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } })
  try {
    const all = await Promise.all(TABLES.map(async ({ side, file, table }) =>
      (await vite.ssrLoadModule(file))[table].map(({ path, roles, provides }) => ({ side, path, roles: roles ?? provides ?? [] }))))
    return all.flat()
  } finally {
    await vite.close()
  }
}

/** Texts of one language in all catalogues; of a template, each of its fixed pieces. */
function words(language) {
  const found = new Set()
  for (const file of readdirSync(`${root}src`, { recursive: true }).filter(name => /\.tsx?$/.test(name))) {
    const visit = node => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'texts') node.arguments.forEach(inCatalogue)
      else ts.forEachChild(node, visit)
    }
    const inCatalogue = node => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === language) collect(node.initializer)
      else if (ts.isObjectLiteralExpression(node)) node.properties.forEach(inCatalogue)
    }
    const collect = node => {
      if (ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.TemplateHead || node.kind === ts.SyntaxKind.TemplateMiddle || node.kind === ts.SyntaxKind.TemplateTail) found.add(node.text.trim())
      ts.forEachChild(node, collect)
    }
    visit(ts.createSourceFile(file, readFileSync(`${root}src/${file}`, 'utf8'), ts.ScriptTarget.Latest, true))
  }
  return found
}

const czech = words('cs')
const english = [...words('en')].filter(text => /[a-z]{3}/i.test(text) && !czech.has(text))
console.log(JSON.stringify({ routes: await routes(), english, czech: [...czech] }))
