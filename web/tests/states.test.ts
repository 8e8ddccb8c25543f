import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')
const SHARED_MAX = 3

interface Table {
  file: string
  name: string
  states: string[]
}

/** Names of the states in every table of labels called `state…` or `…States`, in Czech. */
function tables(): Table[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .flatMap(file => {
      const found: Table[] = []
      const visit = (node: ts.Node, name: string): void => {
        if (ts.isObjectLiteralExpression(node) && node.properties.length > SHARED_MAX && node.properties.every(p => ts.isPropertyAssignment(p) && ts.isStringLiteralLike(p.initializer))) {
          const states = node.properties.map(p => p.name!.getText())
          if (/^cs$|state/i.test(name)) found.push({ file, name, states })
        }
        if (ts.isPropertyAssignment(node) && node.name.getText() === 'en') return
        ts.forEachChild(node, child => visit(child, ts.isPropertyAssignment(node) ? node.name.getText() : name))
      }
      visit(ts.createSourceFile(file, readFileSync(resolve(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true), '')
      return found
    })
}

test('the states of a thing have one table of labels', () => {
  const all = tables()
  expect(all.length).toBeGreaterThan(5)
  const doubled = all.flatMap((one, i) =>
    all.slice(i + 1).filter(other => other.file !== one.file && other.states.filter(state => one.states.includes(state)).length > SHARED_MAX).map(other => `${one.file}: ${one.name} and ${other.file}: ${other.name}`),
  )
  expect(doubled).toEqual([])
})
