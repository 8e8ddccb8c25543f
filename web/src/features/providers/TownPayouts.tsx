import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, day } from '@/lib/format'
import { existingDay, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card } from '@/ui/Card'
import { Sheet } from '@/ui/Dialog'
import { DateInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import type { Provider } from './calls'
import { Act, AskReason } from './doing'
import { ADMINS, FINANCE, useMay } from './ProviderDetail'
import { useReread } from './saving'
import { wordTexts } from './texts'
import { townTexts } from './town.texts'

/** Whether the provider's payouts go on, and what finance may do about it. */
export function TownPayouts({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const may = useMay(FINANCE)
  const isAdmin = useMay(ADMINS)
  const path = { city: city.slug, id: provider.id }
  const hold = (reason: string) => ask(api.PUT('/v1/cities/{city}/providers/{id}/payout-hold', { params: { path }, body: { reason } }))
  const found = (founded: boolean) => ask(api.PUT('/v1/cities/{city}/providers/{id}/founded', { params: { path }, body: { founded } }))
  return (
    <Section title={t.payouts}>
      <Card>
        {provider.held ? <Callout tone="warning">{[words.held[provider.held], provider.payout_hold].filter(Boolean).join(' ')}</Callout> : <p>{t.payoutsGo}</p>}
        {provider.vat_mark && <p>{provider.vat_mark.passed ? t.vatPassed(date(provider.vat_mark.since)) : t.vatMark(date(provider.vat_mark.since))}</p>}
        <p>{provider.founded_organisation ? t.founded : t.notFounded}</p>
        {isAdmin && (
          <div className="buttons">
            <Act provider={provider.id} label={provider.founded_organisation ? t.unsetFounded : t.setFounded} look="neutral" act={() => found(!provider.founded_organisation)} done={provider.founded_organisation ? t.unfoundedDone : t.foundedDone} />
          </div>
        )}
        {may && (
          <div className="buttons">
            {provider.payout_hold ? (
              <Act provider={provider.id} label={t.releasePayouts} act={() => hold('')} done={t.released} />
            ) : (
              <AskReason provider={provider.id} label={t.holdPayouts} title={t.holdTitle} effect={t.holdEffect} act={hold} done={t.held} />
            )}
            <VatMark provider={provider} />
          </div>
        )}
      </Card>
    </Section>
  )
}

function VatMark({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const [open, setOpen] = useState(false)
  const path = { city: city.slug, id: provider.id }
  const unmark = () => ask(api.PUT('/v1/cities/{city}/providers/{id}/vat-mark', { params: { path }, body: { since: null } }))
  const pass = () => ask(api.POST('/v1/cities/{city}/providers/{id}/vat-mark/pass', { params: { path } }))
  if (!provider.vat_payer && !provider.vat_mark) return null
  if (!provider.vat_mark) {
    return (
      <>
        <Button look="neutral" onClick={() => setOpen(true)}>{t.markVat}</Button>
        {open && <MarkSheet provider={provider} onClose={() => setOpen(false)} />}
      </>
    )
  }
  return (
    <>
      {!provider.vat_mark.passed && <Act provider={provider.id} label={t.passVat} act={pass} done={t.vatReleased} />}
      <Act provider={provider.id} label={t.unmarkVat} look="neutral" act={unmark} done={t.unmarked} />
    </>
  )
}

function MarkSheet({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const toast = useToast()
  const reread = useReread(provider.id)
  const schema = useMemo(() => v.object({ since: existingDay(t.dayNeeded) }), [t])
  const form = useForm({
    schema,
    defaults: { since: day() },
    send: async body => {
      await ask(api.PUT('/v1/cities/{city}/providers/{id}/vat-mark', { params: { path: { city: city.slug, id: provider.id } }, body }))
      await reread()
      toast(t.marked)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={t.markTitle}>
      <Form form={form}>
        <p>{t.markEffect}</p>
        <DateInput label={t.markSince} {...form.field('since')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.markVat}</Button></div>
      </Form>
    </Sheet>
  )
}
