/** After a change: the answer goes where screens read it, and what hangs on it is read again. */
import { useQueryClient } from '@tanstack/react-query'
import { useCity } from '@/lib/city'
import { providerKey, providerQuery, type Provider } from './calls'

export function useReread(id: string) {
  const city = useCity()
  const client = useQueryClient()
  return async (provider?: Provider) => {
    if (provider) client.setQueryData(providerQuery(city.slug, id).queryKey, provider)
    await Promise.all([client.invalidateQueries({ queryKey: providerKey(city.slug, id) }), client.invalidateQueries({ queryKey: ['providers', city.slug] })])
  }
}
