/**
 * The design system ships every variant of every component, for custom elements as well as classes.
 * This keeps what our components use, so that the first load stays inside its budget of styles.
 */
import type { AtRule, Container, Plugin, Rule } from 'postcss'

const KEPT: Record<string, readonly string[]> = {
  'data-type': ['solid', 'outlined', 'base', 'subtle'],
  'data-color': ['primary', 'neutral', 'error', 'success', 'warning'],
  'data-size': ['m', 'l'],
}

const DROPPED = [
  /(^|[\s>+~(,])gov-[a-z_-]+/, // custom elements: we write classes on native elements
  /=""|="0"|="1"|=true i|=false i/, // three spellings of one boolean; our states are native
  /\[(expanded|expanded-mobile|loading|icon-start|icon-end|slot|data-hydrated|data-no-label|group)/,
  /\.gov-(button|tag) \.element|validation-icon|-ms-expand|data-theme=dark|:not\(\[data-theme\]\)|data-theme=auto/,
  /:focus/, // our own ring, see base.css
]

function isUsed(selector: string): boolean {
  if (DROPPED.some(pattern => pattern.test(selector))) return false
  for (const [, name, value] of selector.matchAll(/\[(data-[a-z]+)="?([a-z0-9]+)"?\]/g)) {
    const values = name ? KEPT[name] : undefined
    if (values && !values.includes(value ?? '')) return false
  }
  return true
}

function inGov(rule: Rule): boolean {
  let node: Container | undefined = rule.parent as Container | undefined
  while (node && node.type !== 'root') {
    if (node.type === 'atrule' && (node as AtRule).name === 'layer' && (node as AtRule).params === 'gov') return true
    node = node.parent as Container | undefined
  }
  return false
}

export function govTrim(): Plugin {
  return {
    postcssPlugin: 'gov-trim',
    OnceExit(root) {
      root.walkRules(rule => {
        if (!inGov(rule)) return
        const used = rule.selectors.filter(isUsed)
        if (used.length === 0) rule.remove()
        else rule.selectors = used
      })
      root.walkAtRules('media', media => {
        if (media.nodes?.length === 0) media.remove()
      })
      dropUnusedTokens(root)
    },
  }
}

/** A token that no rule of the same sheet reads and that is not one of the palette's is dead weight. */
function dropUnusedTokens(root: Container): void {
  const tokens = new Map<string, number>()
  const PUBLIC = /^--(color-(primary|neutral|error|success|warning)-|font-family)/
  for (let removed = true; removed; ) {
    removed = false
    tokens.clear()
    root.walkDecls(decl => {
      for (const [, name] of decl.value.matchAll(/var\((--[a-z0-9-]+)/g)) tokens.set(name!, 1)
    })
    root.walkRules(rule => {
      if (!inGov(rule)) return
      rule.walkDecls(/^--/, decl => {
        if (tokens.has(decl.prop) || PUBLIC.test(decl.prop)) return
        decl.remove()
        removed = true
      })
      if (rule.nodes.length === 0) rule.remove()
    })
  }
}
