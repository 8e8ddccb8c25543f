import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { Loaded, Skeleton } from '@/ui/Waiting'
import { Credit } from './Credit'
import { grantQuery } from './calls'

/** What became of one award, for the assistant who registered its holder. */
export default function AwardAtDesk() {
  const city = useCity()
  const { id = '' } = useParams<{ id: string }>()
  const grant = useQuery(grantQuery(city.slug, id))
  return <Loaded screen query={grant} waiting={<Skeleton lines={8} />}>{found => <Credit grant={found} />}</Loaded>
}
