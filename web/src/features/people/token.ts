/** The token of a link in an e-mail: in the fragment, so that no server and no log ever sees it. */
import { useEffect, useState } from 'react'

/** Read once; the address is tidied so that the token stays out of the history. */
export function useLinkToken(): string {
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)))
  useEffect(() => {
    if (location.hash) history.replaceState(history.state, '', location.pathname + location.search)
  }, [])
  return token
}
