/** One press, one question, one answer: what the town does with a provider. */
import { useMemo, useState, type ReactNode } from 'react'
import * as v from 'valibot'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button, type ButtonLook } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import type { Provider } from './calls'
import { useReread } from './saving'
import { townTexts } from './town.texts'

interface ActProps {
  provider: string
  label: string
  look?: ButtonLook
  /** Gives the provider when the API does. */
  act: () => Promise<Provider | unknown>
  done: string
}

/** What can be taken back needs no question. */
export function Act({ provider, label, look = 'secondary', act, done }: ActProps) {
  const toast = useToast()
  const reread = useReread(provider)
  const form = useForm({
    schema: v.object({}),
    defaults: {},
    send: async () => {
      await act()
      await reread()
      toast(done)
    },
  })
  return <Form form={form} wide><Button submit look={look} busy={form.isBusy}>{label}</Button></Form>
}

interface AskProps {
  provider: string
  /** The button that opens the question, and the verb that answers it. */
  label: string
  look?: ButtonLook
  title: string
  effect: ReactNode
  danger?: boolean
  act: (reason: string) => Promise<unknown>
  done: string
}

/** What matters asks for a reason, which the provider gets. */
export function AskReason({ label, look = 'neutral', title, ...rest }: AskProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look={look} onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={title}><Inside {...rest} label={label} close={() => setOpen(false)} /></Dialog>
    </>
  )
}

function Inside({ provider, label, effect, danger, act, done, close }: Omit<AskProps, 'title' | 'look'> & { close: () => void }) {
  const t = useTexts(townTexts)
  const toast = useToast()
  const reread = useReread(provider)
  const schema = useMemo(() => v.object({ reason: filled(t.reasonNeeded) }), [t])
  const form = useForm({
    schema,
    defaults: { reason: '' },
    send: async ({ reason }) => {
      await act(reason)
      await reread()
      toast(done)
      close()
    },
  })
  return (
    <Form form={form}>
      <p>{effect}</p>
      <Textarea label={t.reason} hint={t.reasonHint} rows={3} maxLength={200} {...form.field('reason')} />
      <div className="buttons">
        <Button look="neutral" onClick={close}>{t.cancel}</Button>
        <Button submit look={danger ? 'danger' : 'primary'} busy={form.isBusy}>{label}</Button>
      </div>
    </Form>
  )
}
