import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { money } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { useOperation } from '@/lib/operation'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Input, Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { OperationNotice } from '@/ui/OperationNotice'
import { useToast } from '@/ui/Toast'
import { usePayoutActs, type Line, type NewRefund, type Row } from './calls'
import { checkTexts } from './checks.texts'
import { payoutTexts } from './texts'

interface RefundProps {
  row: Row
  line: Line
}

/** A redemption that was paid out was not so: why, and the provider owes it. */
export function RefundButton({ row, line }: RefundProps) {
  const t = useTexts(checkTexts)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look="neutral" size="s" aria-label={`${t.refund} ${row.receipt_number}`} onClick={() => setOpen(true)}>{t.refund}</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.refundTitle(money(row.payable_minor, 'always'))}>
        <Why row={row} line={line} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function Why({ row, line, close }: RefundProps & { close: () => void }) {
  const t = useTexts(checkTexts)
  const p = useTexts(payoutTexts)
  const toast = useToast()
  const { refund } = usePayoutActs(useCity().slug)
  const operation = useOperation(`refund:${row.id}`, (body: NewRefund, header) => refund(line.payout, line.provider, body, header))
  const schema = useMemo(
    () => v.object({ reason: v.picklist(['dispute', 'not_provided', 'wrong_amount', 'wrong_person', 'other']), note: filled(t.noteNeeded) }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { reason: 'not_provided', note: '' },
    send: async why => {
      const end = await operation.run({ grant: row.grant, redemption: row.id, ...why })
      if (end.phase !== 'done') return
      toast(t.refunded)
      close()
    },
  })
  const reasons = Object.entries(t.refundReasons).map(([value, label]) => ({ value, label }))
  return (
    <Form form={form}>
      <p>{t.refundEffect}</p>
      <Select label={t.refundWhy} options={reasons} {...form.field('reason')} />
      <Input label={t.note} {...form.field('note')} />
      <OperationNotice operation={operation} />
      <div className="buttons">
        <Button look="neutral" onClick={close}>{p.keep}</Button>
        <Button submit look="primary" busy={form.isBusy || operation.isBusy}>{t.refundDo(money(row.payable_minor, 'always'))}</Button>
      </div>
    </Form>
  )
}
