/** The last amounts of this till, for its chips: the same ticket is sold many times a day. */
const STORED_AS = 'am.reader.amounts'
const KEPT = 12
const SHOWN = 2

function kept(): number[] {
  try {
    return JSON.parse(localStorage.getItem(STORED_AS) ?? '[]') as number[]
  } catch {
    return []
  }
}

export function remember(minor: number): void {
  localStorage.setItem(STORED_AS, JSON.stringify([minor, ...kept()].slice(0, KEPT)))
}

/** The most frequent of the last amounts, the smaller first. */
export function recentAmounts(): number[] {
  const last = kept()
  const often = [...new Set(last)].sort((a, b) => count(last, b) - count(last, a) || last.indexOf(a) - last.indexOf(b))
  return often.slice(0, SHOWN).sort((a, b) => a - b)
}

const count = (all: readonly number[], one: number) => all.filter(other => other === one).length
