import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { Loaded, Skeleton } from '@/ui/Waiting'
import { Credit } from './Credit'
import { grantQuery } from './calls'
import { ShowVoucher } from './ShowVoucher'

/** One award: its voucher to show, or its credit with what became of it. */
export default function Award() {
  const city = useCity()
  const { id = '' } = useParams<{ id: string }>()
  const grant = useQuery(grantQuery(city.slug, id))
  return (
    <Loaded screen query={grant} waiting={<Skeleton lines={8} />}>
      {found => (found.mode === 'voucher' && found.voucher ? <ShowVoucher id={id} /> : <div className="container main"><Credit grant={found} /></div>)}
    </Loaded>
  )
}
