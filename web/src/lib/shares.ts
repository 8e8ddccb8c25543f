/** Shares of a whole in tenths of a percent that add up to exactly 100,0 % (largest remainder). */
export function shares(amounts: readonly number[]): number[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  if (total <= 0) return amounts.map(() => 0)
  const exact = amounts.map(amount => (amount / total) * 1000)
  const whole = exact.map(Math.floor)
  const missing = 1000 - whole.reduce((sum, part) => sum + part, 0)
  const byRemainder = exact.map((part, i) => ({ i, remainder: part - whole[i]! })).sort((a, b) => b.remainder - a.remainder)
  for (const { i } of byRemainder.slice(0, missing)) whole[i]! += 1
  return whole.map(part => part / 1000)
}
