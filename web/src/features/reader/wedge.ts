/** A scanner that types: it sends a code as fast keystrokes and Enter, wherever the focus is. */
import { useEffect, useRef } from 'react'
import { scanned } from './codes'

const FAST_MS = 80 // between two keys; people are slower
const LEAST_KEYS = 8

/** Keys by their place: what a scanner set for an American keyboard means, whatever keyboard the device thinks it has. */
function byPlace(code: string): string {
  if (/^(Key|Digit|Numpad)[A-Z0-9]$/.test(code)) return code.slice(-1)
  return { Period: '.', Minus: '-' }[code] ?? ''
}

export class Wedge {
  private typed = ''
  private meant = ''
  private at = 0

  /** Takes a key; what the scanner sent when it ends, else null. */
  key(event: Pick<KeyboardEvent, 'key' | 'code' | 'timeStamp'>): string | null {
    if (event.timeStamp - this.at > FAST_MS) this.typed = this.meant = ''
    this.at = event.timeStamp
    if (event.key === 'Enter') return this.end()
    if (event.key.length === 1) this.typed += event.key
    this.meant += byPlace(event.code)
    return null
  }

  private end(): string | null {
    const { typed, meant } = this
    this.typed = this.meant = ''
    if (typed.length < LEAST_KEYS) return null
    return scanned(typed).kind === 'foreign' && scanned(meant).kind !== 'foreign' ? meant : typed
  }
}

/** Hears a scanner while the screen is shown. */
export function useWedge(onScan: (text: string) => void): void {
  const heard = useRef(onScan)
  useEffect(() => {
    heard.current = onScan
  }, [onScan])
  useEffect(() => {
    const wedge = new Wedge()
    const onKey = (event: KeyboardEvent) => {
      const text = wedge.key(event)
      if (text === null) return
      event.preventDefault() // its Enter is not to press what has the focus
      event.stopPropagation()
      heard.current(text)
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [])
}
