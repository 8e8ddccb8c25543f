import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { filled, useForm } from '@/lib/form'
import { dateTime, moneyChange } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { CardList } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { dispute, useReread, type Movement } from './calls'
import { walletTexts } from './texts'

interface MovementsProps {
  city: string
  id: string
  movements: readonly Movement[]
}

/** What came and went, newest first; a redemption that was not so can be reported. */
export function Movements({ city, id, movements }: MovementsProps) {
  const t = useTexts(walletTexts)
  const [wrong, setWrong] = useState<Movement | null>(null)
  return (
    <>
      <CardList label={t.history}>
        {movements.map(movement => (
          <li key={`${movement.kind}${movement.at}`} className="list-row">
            <div className="list-row-body">
              <div className="strong">{movement.provider_name || t.kinds[movement.kind]}</div>
              <div className="small soft">{metaOf(movement, t)}</div>
              {movement.kind === 'redeemed' && movement.state === 'accepted' && (
                <Button look="quiet" size="s" onClick={() => setWrong(movement)}>{t.dispute}</Button>
              )}
            </div>
            <span className="list-row-aside strong nowrap">{movement.amount_minor === 0 ? '' : moneyChange(movement.amount_minor)}</span>
          </li>
        ))}
      </CardList>
      <Dialog open={wrong !== null} onClose={() => setWrong(null)} title={t.disputeTitle}>
        {wrong?.redemption && <Report city={city} id={id} line={wrong.redemption} onDone={() => setWrong(null)} />}
      </Dialog>
    </>
  )
}

function metaOf(movement: Movement, t: (typeof walletTexts)['cs']): string {
  const state = movement.state === 'disputed' ? t.disputed : movement.state === 'undone' ? t.takenBack : ''
  const kind = movement.provider_name ? t.kinds[movement.kind] : ''
  const receipt = movement.receipt_number ? t.receipt(movement.receipt_number) : ''
  return [kind, dateTime(movement.at), receipt, state].filter(Boolean).join(' · ')
}

function Report({ city, id, line, onDone }: { city: string; id: string; line: string; onDone: () => void }) {
  const t = useTexts(walletTexts)
  const toast = useToast()
  const reread = useReread(city)
  const schema = useMemo(() => v.object({ text: filled(t.disputeHint) }), [t])
  const form = useForm({
    schema,
    defaults: { text: '' },
    send: async ({ text }) => {
      await dispute(city, id, line, text)
      await reread()
      toast(t.disputeSent)
      onDone()
    },
  })
  return (
    <Form form={form}>
      <p>{t.disputeWhy}</p>
      <Textarea label={t.disputeLabel} hint={t.disputeHint} {...form.field('text')} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.disputeSend}</Button></div>
    </Form>
  )
}
