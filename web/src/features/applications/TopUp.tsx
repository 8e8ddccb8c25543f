import { useMemo, useState } from 'react'
import * as v from 'valibot'
import plus from '~icon/plus-lg'
import { useCity } from '@/lib/city'
import { filled, typedMoney, useForm } from '@/lib/form'
import { useOperation } from '@/lib/operation'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card, Facts } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Input, MoneyInput, Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { OperationNotice } from '@/ui/OperationNotice'
import { useToast } from '@/ui/Toast'
import { useReviewActs, type Opening } from './calls'
import { topUpTexts } from './topUp.texts'

/** What an approved application was awarded, and a clerk's way to add to it. */
export function Awards({ opening, mayAdd }: { opening: Opening; mayAdd: boolean }) {
  const t = useTexts(topUpTexts)
  const [adds, setAdds] = useState(false)
  const open = opening.awards.filter(award => award.state === 'active')
  return (
    <Card title={t.title} level={2} aside={mayAdd && open.length > 0 && <Button size="s" icon={plus} onClick={() => setAdds(true)}>{t.add}</Button>}>
      <Facts facts={opening.awards.map(award => ({ label: t.part(award.part, award.parts), value: t.left(award.spendable_minor, award.total_minor) }))} />
      <Dialog open={adds} onClose={() => setAdds(false)} title={t.add}>
        {adds && <Add opening={opening} open={open} done={() => setAdds(false)} />}
      </Dialog>
    </Card>
  )
}

function Add({ opening, open, done }: { opening: Opening; open: Opening['awards']; done: () => void }) {
  const t = useTexts(topUpTexts)
  const city = useCity()
  const toast = useToast()
  const { topUp, reload } = useReviewActs(city.slug, opening.application.id)
  const adding = useOperation(`top-up:${opening.application.id}`, topUp)
  const schema = useMemo(
    () => v.object({ grant: v.string(), amount: v.pipe(typedMoney(t.amountWrong), v.minValue(1, t.amountWrong)), reason: filled(t.reasonMissing, 2000) }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { grant: open[0]?.id ?? '', amount: '', reason: '' },
    send: async ({ grant, amount, reason }) => {
      const end = await adding.run({ grant, amount_minor: amount, reason })
      if (end.phase !== 'done') return
      toast(t.done(end.result.amount_minor))
      adding.reset()
      done()
      await reload()
    },
  })
  return (
    <Form form={form}>
      {open.length > 1 && <Select label={t.which} options={open.map(one => ({ value: one.id, label: t.part(one.part, one.parts) }))} {...form.field('grant')} />}
      <MoneyInput label={t.amount} hint={t.amountHint(opening.free_minor)} {...form.field('amount')} />
      <Input label={t.reason} hint={t.reasonHint} {...form.field('reason')} />
      <OperationNotice operation={adding} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy || adding.isBusy}>{t.send}</Button></div>
    </Form>
  )
}
