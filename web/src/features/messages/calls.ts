import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { useCity } from '@/lib/city'
import { language } from '@/lib/texts'

export type Message = components['schemas']['MessageShape']
const PAGE = 25

/** The inbox in the person's language, newest first, page by page. */
const inboxQuery = (city: string) =>
  infiniteQueryOptions({
    queryKey: ['messages', city, language()],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/cities/{city}/messages', { params: { path: { city }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

export function useInbox() {
  const { slug } = useCity()
  const inbox = useInfiniteQuery(inboxQuery(slug))
  return { ...inbox, data: inbox.data?.pages.flatMap(page => page.items) }
}

/** For the count beside „Zprávy": those on the first page. */
export function useUnread(): number | undefined {
  return useInbox().data?.filter(message => !message.read).length || undefined
}

export function useMarkRead() {
  const { slug } = useCity()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(api.POST('/v1/cities/{city}/messages/{id}/read', { params: { path: { city: slug, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['messages', slug] }),
  })
}
