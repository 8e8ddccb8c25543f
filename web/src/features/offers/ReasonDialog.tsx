import * as v from 'valibot'
import { useMemo } from 'react'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import type { ReactNode } from 'react'
import { providerTexts } from './provider.texts'

interface ReasonDialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** What will happen, in numbers. */
  effect: string
  /** The verb on the button. */
  verb: string
  send: (reason: string) => Promise<unknown>
  busy?: boolean
  notice?: ReactNode
}

/** What cannot be taken back needs a reason, and says what it does before it is done. */
export function ReasonDialog({ open, onClose, title, effect, verb, send, busy = false, notice }: ReasonDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <Inside {...{ onClose, effect, verb, send, busy, notice }} />
    </Dialog>
  )
}

function Inside({ onClose, effect, verb, send, busy, notice }: Omit<ReasonDialogProps, 'open' | 'title'>) {
  const t = useTexts(providerTexts)
  const schema = useMemo(() => v.object({ reason: filled(t.reasonNeeded) }), [t])
  const form = useForm({ schema, defaults: { reason: '' }, send: ({ reason }) => send(reason) })
  return (
    <Form form={form}>
      <p>{effect}</p>
      <Textarea label={t.reason} hint={t.reasonHint} rows={3} maxLength={200} {...form.field('reason')} />
      {notice}
      <div className="buttons">
        <Button look="neutral" onClick={onClose}>{t.keep}</Button>
        <Button look="danger" submit busy={busy || form.isBusy}>{verb}</Button>
      </div>
    </Form>
  )
}
