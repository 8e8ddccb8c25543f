import { useQuery } from '@tanstack/react-query'
import { useCity, useProviderHere } from '@/lib/city'
import { age, ageOn } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { CardList, ListRow } from '@/ui/Card'
import { Sheet } from '@/ui/Dialog'
import { Loaded } from '@/ui/Waiting'
import { providerOrdersQuery, type Session } from './calls'
import { providerTexts } from './provider.texts'
import { OrderTag, span } from './words'

/** Who has a place in a session. */
export function Participants({ session, onClose }: { session: Session; onClose: () => void }) {
  const t = useTexts(providerTexts)
  const city = useCity()
  const provider = useProviderHere()
  const orders = useQuery(providerOrdersQuery(city.slug, provider.id, { session: session.id }))
  return (
    <Sheet open onClose={onClose} title={t.participantsOf(span(session))}>
      <Loaded query={orders}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t.noParticipants}</p>
          ) : (
            <CardList label={t.participants}>
              {items.map(order => (
                <ListRow
                  key={order.id}
                  href={`/objednavky/${order.id}`}
                  title={order.beneficiary_name}
                  meta={[order.beneficiary_birth_date && age(ageOn(order.beneficiary_birth_date, order.starts_on)), order.contact_phone || order.contact_email].filter(Boolean).join(' · ')}
                  aside={<OrderTag state={order.state} />}
                />
              ))}
            </CardList>
          )
        }
      </Loaded>
    </Sheet>
  )
}
