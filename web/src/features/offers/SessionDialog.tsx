import { useMemo } from 'react'
import * as v from 'valibot'
import { api, ask, ifMatch } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { existingDay, typedMoney, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Sheet } from '@/ui/Dialog'
import { DateInput, Input, MoneyInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { versionOf, type Activity, type NewSession, type Session } from './calls'
import { useSaved } from './OwnActivity'
import { providerTexts } from './provider.texts'

const CAPACITY_MAX = 2000

/** A session, new or changed. */
export function SessionDialog({ activity, session, onClose }: { activity: Activity; session?: Session; onClose: () => void }) {
  const t = useTexts(providerTexts)
  const city = useCity()
  const toast = useToast()
  const saved = useSaved()
  const schema = useMemo(
    () =>
      v.object({
        starts_on: existingDay(t.dayNeeded),
        ends_on: existingDay(t.dayNeeded),
        times: v.pipe(v.string(), v.trim(), v.maxLength(200)),
        capacity: v.pipe(v.string(), v.trim(), v.check(text => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= CAPACITY_MAX, t.capacityWrong), v.transform(Number)),
        price_minor: v.pipe(typedMoney(t.priceWrong), v.check(minor => minor > 0, t.priceWrong)),
        order_until: existingDay(t.dayNeeded),
      }),
    [t],
  )
  const write = (body: NewSession) => {
    const path = { city: city.slug, id: activity.id }
    if (!session) return ask(api.POST('/v1/cities/{city}/activities/{id}/sessions', { params: { path }, body }))
    const header = ifMatch(versionOf(activity))
    return ask(api.PUT('/v1/cities/{city}/activities/{id}/sessions/{line}', { params: { path: { ...path, line: session.id }, header }, body }))
  }
  const form = useForm({
    schema,
    defaults: {
      starts_on: session?.starts_on ?? '', ends_on: session?.ends_on ?? '', times: session?.times ?? '', capacity: session?.capacity.toString() ?? '',
      price_minor: session ? (session.price_minor / 100).toString().replace('.', ',') : '', order_until: session?.order_until ?? '',
    },
    send: async body => {
      await saved(await write(body))
      toast(t.sessionToast)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={session ? t.editSession : t.addSession}>
      <Form form={form}>
        <DateInput label={t.startsOn} {...(session && { hint: t.moveNote })} {...form.field('starts_on')} />
        <DateInput label={t.endsOn} {...form.field('ends_on')} />
        <Input label={t.times} hint={t.timesHint} optional maxLength={200} {...form.field('times')} />
        <Input label={t.capacity} chars={4} inputMode="numeric" {...form.field('capacity')} />
        <MoneyInput label={t.priceMinor} {...(session && { hint: t.priceNote })} {...form.field('price_minor')} />
        <DateInput label={t.orderUntil} {...form.field('order_until')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.saveSession}</Button></div>
      </Form>
    </Sheet>
  )
}
