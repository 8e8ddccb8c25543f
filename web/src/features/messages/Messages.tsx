import './messages.css'
import envelope from '~icon/envelope'
import open from '~icon/envelope-open'
import { dateTime } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Icon } from '@/ui/Icon'
import { Page } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { useInbox, type Message } from './calls'
import { messageTexts } from './texts'

export default function Messages() {
  const t = useTexts(messageTexts)
  const inbox = useInbox()
  return (
    <Page heading={t.heading} lead={t.lead}>
      <Loaded query={inbox}>
        {messages =>
          messages.length === 0 ? (
            <EmptyState icon={envelope} title={t.none}>{t.noneWhy}</EmptyState>
          ) : (
            <div className="stack">
              <CardList label={t.heading}>{messages.map(message => <Row key={message.id} message={message} />)}</CardList>
              {inbox.hasNextPage && (
                <div className="buttons"><Button busy={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>{t.older}</Button></div>
              )}
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}

function Row({ message }: { message: Message }) {
  const t = useTexts(messageTexts)
  return (
    <ListRow
      start={<span className="round" data-tone={message.read ? undefined : 'accent'}><Icon of={message.read ? open : envelope} size={18} /></span>}
      title={<span className={message.read ? 'message-read' : undefined}>{message.title}</span>}
      meta={dateTime(message.at)}
      aside={!message.read && <Tag tone="info">{t.unread}</Tag>}
      href={`/zpravy/${message.id}`}
    />
  )
}
