import './messages.css'
import { useEffect } from 'react'
import { useParams } from 'wouter'
import { appHref, useCity } from '@/lib/city'
import { dateTime } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { LinkButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Breadcrumbs, Page } from '@/ui/Page'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { useInbox, useMarkRead, type Message as OneMessage } from './calls'
import { messageTexts } from './texts'

export default function Message() {
  const t = useTexts(messageTexts)
  const { id } = useParams()
  const inbox = useInbox()
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = inbox
  const found = data?.find(message => message.id === id)
  const isOlder = data !== undefined && !found && hasNextPage
  useEffect(() => {
    if (isOlder && !isFetchingNextPage) void fetchNextPage()
  }, [isOlder, isFetchingNextPage, fetchNextPage])
  return (
    <Loaded screen query={{ ...inbox, data: isOlder ? undefined : data }}>
      {() =>
        found ? <Shown key={found.id} message={found} /> : (
          <Page heading={t.gone}><EmptyState title={t.gone} action={<LinkButton look="primary" href="/zpravy">{t.back}</LinkButton>} /></Page>
        )
      }
    </Loaded>
  )
}

function Shown({ message }: { message: OneMessage }) {
  const t = useTexts(messageTexts)
  const city = useCity()
  const { mutate: markRead } = useMarkRead()
  useEffect(() => {
    if (!message.read) markRead(message.id)
  }, [message.read, message.id, markRead])
  const leadsOn = message.link !== '/zpravy'
  return (
    <Page heading={message.title} lead={dateTime(message.at)} above={<Breadcrumbs crumbs={[{ label: t.toMessages, href: '/zpravy' }, { label: message.title }]} />}>
      <Card>
        <p className="text message-text">{message.text}</p>
        <p className="small soft">{t.channel[message.channel as keyof typeof t.channel]}</p>
        {leadsOn && (
          <div className="buttons">
            {message.app === 'moje'
              ? <LinkButton look="primary" href={message.link}>{message.button}</LinkButton>
              : <LinkButton look="primary" outside href={appHref(message.app as 'www' | 'admin', city.slug, message.link)}>{message.button}</LinkButton>}
          </div>
        )}
      </Card>
    </Page>
  )
}
