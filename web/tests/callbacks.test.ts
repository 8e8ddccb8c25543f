import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => /\.tsx?$/.test(file))

/** What stands between the parentheses of each call of `mutate` and `mutateAsync`. */
function callsIn(text: string): string[] {
  return [...text.matchAll(/\.mutate(?:Async)?\(/g)].map(({ index, 0: opening }) => {
    const begins = index + opening.length
    let end = begins
    for (let open = 1; open > 0; end++) open += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
    return text.slice(begins, end - 1)
  })
}

const losable = (file: string) => callsIn(readFileSync(join(SRC, file), 'utf8')).filter(call => /\bon(Success|Error|Settled)\b/.test(call))

test('there is something to check', () => expect(files.flatMap(file => callsIn(readFileSync(join(SRC, file), 'utf8'))).length).toBeGreaterThan(10))

test('what follows a mutation does not hang on the component that sent it: the callbacks of a call go when it unmounts', () => {
  expect(files.flatMap(file => losable(file).map(call => `${file}: ${call}`))).toEqual([])
})
