/**
 * A town picks one colour; the thirteen steps of the accent are worked out from it. They keep the design
 * system's lightness, so contrast holds for any hue; hue and chroma are the town's, clamped to what a
 * screen can show. Status colours and the focus ring are never themed.
 */

export const STEPS = [50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 1000, 1050] as const
export type Step = (typeof STEPS)[number]

const LIGHTNESS = [0.975, 0.946, 0.882, 0.783, 0.671, 0.583, 0.489, 0.427, 0.384, 0.35, 0.266, 0.236, 0.104]
/** Chroma of the system's own blue at each step, as a share of that at step 600. */
const CHROMA_SHARE = [0.06, 0.14, 0.31, 0.58, 0.91, 1.05, 1, 0.86, 0.69, 0.56, 0.44, 0.35, 0.13]
const CHROMA_MAX = 0.19

type Oklch = { l: number; c: number; h: number }
export type Rgb = readonly [red: number, green: number, blue: number] // 0…1

export function themeSteps(colour: string): Record<Step, string> {
  const town = toOklch(parseHex(colour))
  const chroma = Math.min(town.c, CHROMA_MAX)
  const entries = STEPS.map((step, i) => {
    const wanted = { l: LIGHTNESS[i]!, c: chroma * CHROMA_SHARE[i]!, h: town.h }
    return [step, toHex(clampToGamut(wanted))] as const
  })
  return Object.fromEntries(entries) as Record<Step, string>
}

/** Writes the steps on an element through CSSOM, which a strict content policy allows. */
export function applyTheme(colour: string, element: HTMLElement = document.documentElement): void {
  for (const [step, hex] of Object.entries(themeSteps(colour))) element.style.setProperty(`--color-primary-${step}`, hex)
  element.style.setProperty('--town', colour)
}

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text)
}

/** WCAG contrast of two colours, 1…21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(parseHex(a)), luminance(parseHex(b))].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map(channel => Math.round(channel * 255).toString(16).padStart(2, '0')).join('')}`
}

const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
const gamma = (channel: number) => (channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055)

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map(linear)
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

// Matrices of OKLab: Björn Ottosson, https://bottosson.github.io/posts/oklab/
export function toOklch(rgb: Rgb): Oklch {
  const [r, g, b] = rgb.map(linear) as [number, number, number]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return { l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, c: Math.hypot(a, bb), h: Math.atan2(bb, a) }
}

function fromOklch({ l, c, h }: Oklch): Rgb {
  const a = c * Math.cos(h)
  const b = c * Math.sin(h)
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    gamma(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
    gamma(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
    gamma(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z),
  ]
}

const ROUNDING = 0.0005
const isShowable = (rgb: Rgb) => rgb.every(channel => channel >= -ROUNDING && channel <= 1 + ROUNDING)

/** The nearest colour a screen can show: same lightness and hue, less chroma. */
function clampToGamut(wanted: Oklch): Rgb {
  let low = 0
  let high = wanted.c
  if (!isShowable(fromOklch(wanted))) {
    for (let i = 0; i < 20; i++) {
      const middle = (low + high) / 2
      if (isShowable(fromOklch({ ...wanted, c: middle }))) low = middle
      else high = middle
    }
  } else {
    low = high
  }
  return fromOklch({ ...wanted, c: low }).map(channel => Math.min(1, Math.max(0, channel))) as unknown as Rgb
}
