import { Redirect } from 'wouter'
import { useCity } from '@/lib/city'
import { hasAnyRole, useSession } from '@/lib/session'
import { Journal } from './Journal'
import { READS_ENTRIES } from './roles'

/** Where the navigation leads: to single entries those who may read them, others to the nightly proof. */
export default function Books() {
  const city = useCity()
  const { session } = useSession()
  return hasAnyRole(session, city.slug, READS_ENTRIES) ? <Journal /> : <Redirect to="/kniha/kontroly" replace />
}
