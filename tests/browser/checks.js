// What every screen must keep, looked at from inside the page. Each check gives [rule, element] pairs.
(() => {
  const SIDE_PX = 44
  const INTERACTIVE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [role=tab]'
  const LONE = /(?:^|[\s(„])[kvszouai] (?=\S)/iu
  const LONE_END = /(?:^|[\s(„])[kvszouai] $/iu
  const RAW = {
    id: /\b[0-7][0-9a-hjkmnp-tv-z]{25}\b|\b[0-9a-f]{32,}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b/,
    code: /(?<![\w@./-])[a-z]+(?:_[a-z0-9]+)+(?![\w@./-])/,
    'registry code': /\(\d{6}\)|(?:obec|část|municipality) \d{6}\b/,
    date: /(?<![\w./-])\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?(?![\w-]|\.\w)/,
    nothing: /\b(?:undefined|NaN|null)\b|\[object /,
  }
  const MAY_BE_CODE = 'code, kbd, pre, a[href^="mailto:"], textarea'

  const told = element => {
    const name = element.tagName.toLowerCase()
    const kind = element.getAttribute('class')
    return `<${name}${kind ? ` class="${kind}"` : ''}> ${(element.innerText ?? element.value ?? '').replace(/\s+/g, ' ').trim().slice(0, 60)}`
  }
  const isClipped = element => element && element !== document.body && (getComputedStyle(element).clipPath !== 'none' || isClipped(element.parentElement))
  const isShown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const isSeen = element => isShown(element) && !isClipped(element)

  function* seenTexts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (node.data.trim() && !element.closest('script, style, noscript') && isSeen(element)) yield [node.data, element, node]
    }
  }

  const goesOn = node => {
    for (let at = node; at; at = at.parentElement) {
      if (at.nextSibling) return at.nextSibling.textContent?.trim() && getComputedStyle(at.parentElement).display !== 'flex'
      if (at.parentElement && !getComputedStyle(at.parentElement).display.startsWith('inline')) return false
    }
    return false
  }

  function lonePrepositions() {
    const found = []
    for (const [text, element, node] of seenTexts()) {
      if (element.closest('[lang]:not(html, [lang=cs]), textarea, pre')) continue
      const at = LONE.exec(text) ?? (goesOn(node) ? LONE_END.exec(text) : null)
      if (at) found.push(['lone preposition', `${told(element).split('>')[0]}> …${text.slice(Math.max(0, at.index - 12), at.index + 24)}…`])
    }
    return found
  }

  function rawCodes(codes) {
    const found = []
    const known = new Set(codes)
    for (const [text, element] of seenTexts()) {
      if (element.closest(MAY_BE_CODE)) continue
      for (const [kind, pattern] of Object.entries(RAW)) if (pattern.test(text)) found.push([`raw ${kind}`, told(element)])
      if (known.has(text.trim())) found.push(['raw code', told(element)])
    }
    return found
  }

  const WORDS = /(?<![\p{L}.@/-])(?:the|and|of|with|your|are|was|were|not|from|this|that|been|have|has|for|you|is|it|to be|please)(?![\p{L}@/-])/iu
  function english(pieces) {
    const found = []
    const whole = new Set(pieces)
    const phrases = pieces.filter(piece => piece.length >= 8 && /\S\s\S/.test(piece))
    for (const [raw, element] of seenTexts()) {
      if (element.closest('[lang]:not(html, [lang=cs])')) continue
      const text = raw.replace(/\s+/g, ' ').trim()
      if (!element.closest(MAY_BE_CODE) && (whole.has(text) || phrases.some(phrase => text.includes(phrase)) || WORDS.test(text))) found.push(['English', told(element)])
    }
    return found
  }

  /** Inside a sentence a link is as tall as its line. */
  const standsInText = element => {
    if (!getComputedStyle(element).display.startsWith('inline') || element.matches('button, input, select, .gov-button')) return false
    const own = element.textContent.trim().length
    return [...element.parentElement.childNodes].some(node => node !== element && node.nodeType === Node.TEXT_NODE && /\p{L}{2}/u.test(node.data)) && own > 0
  }

  function smallTargets() {
    const found = []
    const before = [scrollX, scrollY]
    for (const element of document.querySelectorAll(INTERACTIVE)) {
      if (!isSeen(element) || element.disabled || standsInText(element) || element.matches('[tabindex="-1"]')) continue
      const box = element.getBoundingClientRect()
      if (box.width >= SIDE_PX - 0.5 && box.height >= SIDE_PX - 0.5) continue
      element.scrollIntoView({ block: 'center', inline: 'center' })
      const { x, y, width, height } = element.getBoundingClientRect()
      const [midX, midY] = [x + width / 2, y + height / 2]
      const mine = (px, py) => {
        const hit = document.elementFromPoint(px, py)
        return hit && (element.contains(hit) || hit.closest('label')?.contains(element) || [...(element.labels ?? [])].some(label => label.contains(hit)))
      }
      // The hit area may be moved to a side of the drawn box, as it is where the label goes on behind it.
      const spans = (across, along) => {
        let run = 0
        for (let step = -SIDE_PX; step <= SIDE_PX; step += 1) {
          const isMine = along === 'x' ? mine(midX + step, midY) : mine(midX, midY + step)
          run = isMine ? run + 1 : step > 0 ? (run >= across ? run : 0) : 0
          if (run >= across) return true
        }
        return false
      }
      const wide = width >= SIDE_PX - 0.5 || spans(SIDE_PX - 1, 'x')
      const tall = height >= SIDE_PX - 0.5 || spans(SIDE_PX - 1, 'y')
      if (!wide || !tall) found.push(['target', `${Math.round(width)}×${Math.round(height)} ${told(element)}`])
    }
    scrollTo(...before)
    return found
  }

  function headings() {
    const seen = [...document.querySelectorAll('h1')].filter(isShown)
    return seen.length === 1 ? [] : [['h1', `${seen.length}: ${seen.map(told).join(' · ')}`]]
  }

  function overflow() {
    const width = innerWidth
    if (document.documentElement.scrollWidth <= width) return []
    const wide = [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > width + 1)
    return [['overflow', `${document.documentElement.scrollWidth} px: ${wide.slice(-1).map(told)}`]]
  }

  /** A card alone in the last row of a grid of several columns. */
  function orphans() {
    const found = []
    for (const grid of document.querySelectorAll('.grid')) {
      const shown = [...grid.children].filter(isSeen).map(child => child.getBoundingClientRect())
      if (shown.length < 2) continue
      const rows = new Map()
      for (const box of shown) rows.set(Math.round(box.top), [...(rows.get(Math.round(box.top)) ?? []), box])
      const [first, last] = [[...rows.values()][0], [...rows.values()].at(-1)]
      const end = boxes => Math.max(...boxes.map(box => box.right))
      if (rows.size > 1 && first.length > 1 && end(last) < end(first) - 2) found.push(['orphan card', told(grid)])
    }
    return found
  }

  const hrefs = () => [...document.querySelectorAll('a[href]')].map(link => new URL(link.href)).filter(url => url.origin === location.origin).map(url => url.pathname)

  async function opened(path, quietMs, patienceMs) {
    const before = document.querySelector('h1')
    const since = performance.now()
    const rest = ms => new Promise(done => setTimeout(done, ms))
    if (path) history.pushState(null, '', path)
    while (before?.isConnected && performance.now() - since < 1000) await rest(20)
    while (performance.now() - since < patienceMs) {
      if (window.isQuiet(quietMs) && document.querySelector('h1') && !document.querySelector('[aria-busy=true]')) break
      await rest(40)
    }
    await document.fonts.ready
    return document.querySelector('h1')?.innerText ?? null
  }

  window.checks = { lonePrepositions, rawCodes, english, smallTargets, headings, overflow, orphans, hrefs, opened }
})()
