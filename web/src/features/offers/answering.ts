/** What a provider does with an order: each goes once, and the lists are read again afterwards. */
import { useQueryClient } from '@tanstack/react-query'
import { api, ask, type OperationHeader } from '@/lib/api/client'
import { useCity, useProviderHere } from '@/lib/city'
import { useOperation } from '@/lib/operation'
import { ordersKey, providerOrdersKey, type Order } from './calls'

type Verb = 'confirmation' | 'rejection' | 'cancellation'

function useAnswer<B>(name: string, send: (body: B, header: OperationHeader) => Promise<Order>) {
  const city = useCity()
  const provider = useProviderHere()
  const client = useQueryClient()
  const operation = useOperation(name, send)
  const run = async (body: B): Promise<boolean> => {
    const outcome = await operation.run(body)
    await Promise.all([providerOrdersKey(city.slug, provider.id), ordersKey(city.slug)].map(queryKey => client.invalidateQueries({ queryKey })))
    return outcome.phase === 'done'
  }
  return { ...operation, run: operation.run, send: run }
}

export function useConfirm(order: Order) {
  const city = useCity()
  return useAnswer(name('confirmation', order), (_: null, header) =>
    ask(api.POST('/v1/cities/{city}/orders/{id}/confirmation', { params: { path: { city: city.slug, id: order.id }, header } })),
  )
}

export function useReject(order: Order) {
  const city = useCity()
  return useAnswer(name('rejection', order), (reason: string, header) =>
    ask(api.POST('/v1/cities/{city}/orders/{id}/rejection', { params: { path: { city: city.slug, id: order.id }, header }, body: { reason } })),
  )
}

export function useCancel(order: Order) {
  const city = useCity()
  return useAnswer(name('cancellation', order), (reason: string, header) =>
    ask(api.POST('/v1/cities/{city}/orders/{id}/cancellation', { params: { path: { city: city.slug, id: order.id }, header }, body: { reason } })),
  )
}

export function useAttendance(order: Order) {
  const city = useCity()
  return useAnswer(`attendance:${order.id}`, (attended: boolean, header) =>
    ask(api.POST('/v1/cities/{city}/orders/{id}/attendance', { params: { path: { city: city.slug, id: order.id }, header }, body: { attended } })),
  )
}

const name = (verb: Verb, order: Order) => `${verb}:${order.id}`
