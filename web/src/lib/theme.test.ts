import { expect, test } from 'vitest'
import { contrast, STEPS, themeSteps, toOklch, parseHex } from './theme'

const PAGE = '#f6f6f6'
const hsl = (hue: number, saturation: number, lightness: number) => {
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    const value = lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(value * 255).toString(16).padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}
const everyHue = Array.from({ length: 360 }, (_, hue) => [0.2, 0.6, 1].flatMap(s => [0.25, 0.5, 0.8].map(l => hsl(hue, s, l)))).flat()

test('every town colour gives an accent legible in every pair we use', () => {
  for (const colour of everyHue) {
    const step = themeSteps(colour)
    const pairs = [
      ['button', '#ffffff', step[600]],
      ['button pressed', '#ffffff', step[700]],
      ['link on page', step[700], PAGE],
      ['link on card', step[700], '#ffffff'],
      ['selection', step[700], step[100]],
      ['chosen card', step[700], step[50]],
    ] as const
    for (const [name, ink, paper] of pairs) {
      expect(contrast(ink, paper), `${name} of ${colour}: ${ink} on ${paper}`).toBeGreaterThanOrEqual(5)
    }
  }
})

test('steps get darker one by one and keep the hue of the town', () => {
  const steps = themeSteps('#1f6b3a')
  const lights = STEPS.map(step => toOklch(parseHex(steps[step])).l)
  expect(lights).toEqual([...lights].sort((a, b) => b - a))
  expect(toOklch(parseHex(steps[600])).h).toBeCloseTo(toOklch(parseHex('#1f6b3a')).h, 1)
})

test('a grey town stays grey', () => {
  expect(toOklch(parseHex(themeSteps('#808080')[600])).c).toBeLessThan(0.005)
})
