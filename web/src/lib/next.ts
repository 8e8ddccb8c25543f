/** Where a person was going when they had to register or sign in first; it travels with them to the end. */

/** A path inside the town's own account and nothing else: no address, no query, no way out of the portal. */
const SAFE = /^(\/[A-Za-z0-9_-]+)+$/
const LONGEST = 200
const NAME = 'dal'

export function safeNext(text: string | null | undefined): string {
  return text && text.length <= LONGEST && SAFE.test(text) ? text : ''
}

/** What a query such as `dal=%2Fzadosti` carries, "" for nothing. */
export function nextIn(search: string): string {
  return safeNext(new URLSearchParams(search).get(NAME))
}

export function withNext(path: string, next: string): string {
  return safeNext(next) ? `${path}?${NAME}=${encodeURIComponent(next)}` : path
}
