/**
 * Every sheet says the order of the cascade layers first. Styles are split by screen, so whichever sheet
 * arrives first decides the order for all.
 */
import { atRule, type Plugin } from 'postcss'

const ORDER = 'reset, gov, ui, feature'

export function layers(): Plugin {
  return {
    postcssPlugin: 'layers',
    OnceExit(root) {
      root.prepend(atRule({ name: 'layer', params: ORDER }))
    },
  }
}
