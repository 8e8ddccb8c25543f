/** Saves a draft a second after the last change, one save at a time, and tells when it was. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { asProblem, type Problem } from './api/problem'

const QUIET_MS = 1_000

export type AutosaveState = { status: 'clean' | 'waiting' | 'saving' } | { status: 'failed'; problem: Problem } | { status: 'saved'; at: Date }

/**
 * `const saved = useAutosave(values, values => ask(api.PUT(…)))`; `await saved.flush()` before going on says whether
 * everything is saved. `stored` is what the server has, where the screen opens with more than that.
 */
export function useAutosave<T>(value: T, save: (value: T) => Promise<unknown>, stored: T = value) {
  const [state, setState] = useState<AutosaveState>({ status: 'clean' })
  const latest = useRef({ value, save })
  const savedAs = useRef(JSON.stringify(stored))
  const running = useRef<Promise<boolean> | null>(null)
  useLayoutEffect(() => {
    latest.current = { value, save }
  })
  const written = JSON.stringify(value)

  const flush = useCallback((): Promise<boolean> => {
    const once = async (): Promise<boolean> => {
      const text = JSON.stringify(latest.current.value)
      if (text === savedAs.current) return true
      setState({ status: 'saving' })
      try {
        await latest.current.save(latest.current.value)
        savedAs.current = text
        setState({ status: 'saved', at: new Date() })
      } catch (thrown) {
        setState({ status: 'failed', problem: asProblem(thrown) })
        return false
      }
      return once() // what was typed while saving
    }
    running.current ??= once().finally(() => (running.current = null))
    return running.current
  }, [])

  useEffect(() => {
    if (written === savedAs.current) return
    setState(previous => (previous.status === 'saving' ? previous : { status: 'waiting' }))
    const timer = setTimeout(() => void flush(), QUIET_MS)
    return () => clearTimeout(timer)
  }, [written, flush])

  useEffect(() => {
    const leaving = () => void flush()
    addEventListener('pagehide', leaving)
    addEventListener('online', leaving)
    return () => {
      removeEventListener('pagehide', leaving)
      removeEventListener('online', leaving)
      void flush()
    }
  }, [flush])

  return { state, flush }
}
