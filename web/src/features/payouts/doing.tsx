/** One press, one question with a reason, one answer. */
import { useMemo, useState, type ReactNode } from 'react'
import * as v from 'valibot'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button, type ButtonLook } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { payoutTexts } from './texts'

interface AskProps {
  /** The button that opens the question, and the verb that answers it. */
  label: string
  look?: ButtonLook
  size?: 's' | 'm'
  title: string
  effect: ReactNode
  danger?: boolean
  act: (reason: string) => Promise<unknown>
  done: string
}

export function AskReason({ label, look = 'neutral', size = 'm', title, ...rest }: AskProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look={look} size={size} onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={title}><Inside {...rest} label={label} close={() => setOpen(false)} /></Dialog>
    </>
  )
}

function Inside({ label, effect, danger, act, done, close }: Omit<AskProps, 'title' | 'look' | 'size'> & { close: () => void }) {
  const t = useTexts(payoutTexts)
  const toast = useToast()
  const schema = useMemo(() => v.object({ reason: filled(t.reasonNeeded) }), [t])
  const form = useForm({
    schema,
    defaults: { reason: '' },
    send: async ({ reason }) => {
      await act(reason)
      toast(done)
      close()
    },
  })
  return (
    <Form form={form}>
      <p>{effect}</p>
      <Textarea label={t.reason} rows={3} maxLength={200} {...form.field('reason')} />
      <div className="buttons">
        <Button look="neutral" onClick={close}>{t.keep}</Button>
        <Button submit look={danger ? 'danger' : 'primary'} busy={form.isBusy}>{label}</Button>
      </div>
    </Form>
  )
}
