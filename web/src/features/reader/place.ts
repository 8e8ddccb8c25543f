/** Where this till stands: what was last heard, then what the server says. One answer for all that show it. */
import { useEffect, useSyncExternalStore } from 'react'
import { useDevice } from './device'
import { myTill, type MyTill } from './till'

const KEPT_AS = 'am.reader.place'
const HEARD_LASTS_MS = 60_000
let place = kept()
let heardAt = 0
const listeners = new Set<() => void>()

function kept(): MyTill | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? 'null') as MyTill | null
  } catch {
    return null
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks the server anew; off line what was last heard stays. */
export async function hearPlace(): Promise<void> {
  heardAt = Date.now()
  try {
    place = await myTill()
    localStorage.setItem(KEPT_AS, JSON.stringify(place))
    listeners.forEach(listener => listener())
  } catch {
    heardAt = 0
  }
}

export function usePlace(): MyTill | null {
  const device = useDevice()
  const known = useSyncExternalStore(subscribe, () => place, () => place)
  useEffect(() => {
    const isFresh = place?.id === device?.till && Date.now() - heardAt < HEARD_LASTS_MS
    if (device && !isFresh) void hearPlace()
  }, [device])
  return known?.id === device?.till ? known : null
}
