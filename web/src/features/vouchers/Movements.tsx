import { dateTime, moneyChange } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { useWhose } from '@/lib/whose'
import { CardList, ListRow } from '@/ui/Card'
import type { Movement } from './calls'
import { walletTexts } from './texts'

/** What came and went, newest first; each leads to its receipt. */
export function Movements({ grant, movements }: { grant: string; movements: readonly Movement[] }) {
  const t = useTexts(walletTexts)
  const { at } = useWhose()
  return (
    <CardList label={t.history}>
      {movements.map(movement => (
        <ListRow
          key={movement.id}
          href={`${at}/vouchery/${grant}/doklad/${movement.id}`}
          title={movement.provider_name || t.kinds[movement.kind]}
          meta={metaOf(movement, t)}
          aside={movement.amount_minor === 0 ? undefined : <span className="strong nowrap">{moneyChange(movement.amount_minor)}</span>}
        />
      ))}
    </CardList>
  )
}

function metaOf(movement: Movement, t: (typeof walletTexts)['cs']): string {
  const kind = movement.provider_name ? t.kinds[movement.kind] : ''
  const receipt = movement.receipt_number ? t.receipt(movement.receipt_number) : ''
  const state = movement.state && movement.state !== 'accepted' ? t.redemptionStates[movement.state] : ''
  return [kind, dateTime(movement.at), receipt, state].filter(Boolean).join(' · ')
}
