/** What a person typed and nobody has saved yet: kept in this tab through Back, reload and an expired sign-in. */
import { useLayoutEffect, useState } from 'react'

const PREFIX = 'am.draft.'

/** What was kept under this name when the screen opened, null when nothing was. */
export function useKept<T extends object>(name: string): T | null {
  return useState(() => readDraft<T>(name))[0]
}

/** Keeps what is typed, `null` for nothing to keep; `secrets` are fields that no storage may see. `forgetDraft` once it is sent. */
export function useKeeping<T extends object>(name: string, typed: T | null, secrets: readonly (keyof T & string)[] = []): void {
  const text = typed && JSON.stringify(typed, (key, value: unknown) => ((secrets as readonly string[]).includes(key) ? undefined : value))
  useLayoutEffect(() => {
    if (text) attempt(() => sessionStorage.setItem(PREFIX + name, text))
    else forgetDraft(name)
  }, [name, text])
}

export function readDraft<T extends object>(name: string): T | null {
  return attempt(() => JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null') as T | null) ?? null
}

export function forgetDraft(name: string): void {
  attempt(() => sessionStorage.removeItem(PREFIX + name))
}

/** Somebody signed out: whoever comes to this screen next finds nothing of theirs. */
export function forgetDrafts(): void {
  attempt(() => Object.keys(sessionStorage).filter(key => key.startsWith(PREFIX)).forEach(key => sessionStorage.removeItem(key)))
}

/** Without storage nothing is kept, and nothing breaks. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
