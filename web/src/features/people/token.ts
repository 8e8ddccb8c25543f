/** The token of a link in an e-mail: in the fragment, so that no server and no log ever sees it. */
import { useEffect, useState } from 'react'
import { safeNext } from '@/lib/next'

/** Read once; the address is tidied so that the token stays out of the history. */
export function useLinkToken(): string {
  const [token] = useState(() => fragment().split('/', 1)[0]!)
  useEffect(() => {
    if (location.hash) history.replaceState(history.state, '', location.pathname + location.search)
  }, [])
  return token
}

/** Where the person was going when they had to register; behind the token. */
export function useLinkNext(): string {
  return useState(() => safeNext(fragment().replace(/^[^/]*/, '')))[0]
}

function fragment(): string {
  try {
    return decodeURIComponent(location.hash.slice(1))
  } catch {
    return ''
  }
}
