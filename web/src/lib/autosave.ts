/** Saves a draft a second after the last change, one save at a time, and tells when it was. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

const QUIET_MS = 1_000

export type AutosaveState = { status: 'clean' } | { status: 'waiting' | 'saving' | 'failed' } | { status: 'saved'; at: Date }

/** `const saved = useAutosave(values, values => ask(api.PUT(…)))`; `saved.flush()` before leaving. */
export function useAutosave<T>(value: T, save: (value: T) => Promise<unknown>) {
  const [state, setState] = useState<AutosaveState>({ status: 'clean' })
  const latest = useRef({ value, save })
  const savedAs = useRef(JSON.stringify(value))
  const running = useRef<Promise<void> | null>(null)
  useLayoutEffect(() => {
    latest.current = { value, save }
  })
  const written = JSON.stringify(value)

  const flush = useCallback((): Promise<void> => {
    const once = async (): Promise<void> => {
      const text = JSON.stringify(latest.current.value)
      if (text === savedAs.current) return
      setState({ status: 'saving' })
      try {
        await latest.current.save(latest.current.value)
        savedAs.current = text
        setState({ status: 'saved', at: new Date() })
      } catch {
        setState({ status: 'failed' })
        return
      }
      await once() // what was typed while saving
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
