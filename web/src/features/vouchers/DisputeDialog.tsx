import { useMemo } from 'react'
import * as v from 'valibot'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { dispute, useReread } from './calls'
import { walletTexts } from './texts'

interface DisputeProps {
  city: string
  grant: string
  redemption: string
  onDone: () => void
}

/** A redemption that was not so: the holder says it, the town looks into it. */
export function DisputeDialog({ open, ...rest }: DisputeProps & { open: boolean }) {
  const t = useTexts(walletTexts)
  return <Dialog open={open} onClose={rest.onDone} title={t.disputeTitle}><Report {...rest} /></Dialog>
}

function Report({ city, grant, redemption, onDone }: DisputeProps) {
  const t = useTexts(walletTexts)
  const toast = useToast()
  const reread = useReread(city)
  const schema = useMemo(() => v.object({ text: filled(t.disputeHint) }), [t])
  const form = useForm({
    schema,
    defaults: { text: '' },
    send: async ({ text }) => {
      await dispute(city, grant, redemption, text)
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
