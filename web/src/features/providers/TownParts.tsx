import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date, day } from '@/lib/format'
import { existingDay, filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Sheet } from '@/ui/Dialog'
import { Checkbox, DateInput, Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { partsQuery, type Part, type Provider } from './calls'
import { AskReason } from './doing'
import { APPROVERS, useMay } from './ProviderDetail'
import { useReread } from './saving'
import { townTexts } from './town.texts'
import { PartTag } from './words'

/** In which programmes the provider takes part, and the town's decisions on it. */
export function TownParts({ provider }: { provider: Provider }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const parts = useQuery(partsQuery(city.slug, provider.id))
  return (
    <Section title={t.parts}>
      <Loaded query={parts}>
        {({ items }) =>
          items.length === 0 ? <Card><p className="soft">{t.noParts}</p></Card> : <>{items.map(part => <PartCard key={part.programme} provider={provider} part={part} />)}</>
        }
      </Loaded>
    </Section>
  )
}

function PartCard({ provider, part }: { provider: Provider; part: Part }) {
  const t = useTexts(townTexts)
  const { agreement } = part
  const told = agreement && `${t.agreement} ${agreement.reference}, ${date(agreement.signed_on)}${publication(agreement, t)}`
  return (
    <Card title={part.programme_name} aside={<PartTag state={part.state} />}>
      <p className="small soft">{[`${t.asked} ${date(part.asked_at)}`, told, part.reason].filter(Boolean).join(' · ')}</p>
      <Decisions provider={provider} part={part} />
    </Card>
  )
}

function publication(agreement: NonNullable<Part['agreement']>, t: { published: string; toPublish: string }): string {
  if (!agreement.must_be_published) return ''
  return agreement.published_on ? `, ${t.published} ${date(agreement.published_on)}` : `, ${t.toPublish}`
}

function Decisions({ provider, part }: { provider: Provider; part: Part }) {
  const t = useTexts(townTexts)
  const city = useCity()
  const may = useMay(APPROVERS)
  const [open, setOpen] = useState<'approve' | 'publish' | null>(null)
  if (!may || provider.state === 'ended') return null
  const path = { city: city.slug, id: provider.id, line: part.programme }
  const move = (verb: 'decline' | 'suspend' | 'resume' | 'end') => (reason: string) =>
    ask(api.POST('/v1/cities/{city}/providers/{id}/parts/{line}/state', { params: { path }, body: { verb, reason } }))
  const waitsForPublication = part.state === 'in_review' && part.agreement !== null
  const verbs = ({ in_review: ['decline'], active: ['suspend', 'end'], suspended: ['resume', 'end'], declined: [], ended: [] } as const)[part.state]
  return (
    <div className="buttons">
      {waitsForPublication && <Button look="primary" onClick={() => setOpen('publish')}>{t.publish}</Button>}
      {(part.state === 'in_review' || part.state === 'declined') && !waitsForPublication && (
        <Button look={part.state === 'in_review' ? 'primary' : 'secondary'} onClick={() => setOpen('approve')}>{t.approve}</Button>
      )}
      {verbs.map(verb => (
        <AskReason
          key={verb}
          provider={provider.id}
          label={t.verbs[verb]}
          look={verb === 'resume' ? 'secondary' : verb === 'suspend' ? 'quiet' : 'danger-quiet'}
          title={`${t.verbs[verb]}: ${part.programme_name}`}
          effect={t.reasonHint}
          danger={verb !== 'resume'}
          act={move(verb)}
          done={t.moved}
        />
      ))}
      {open === 'approve' && <ApproveSheet path={path} part={part} onClose={() => setOpen(null)} />}
      {open === 'publish' && <PublishSheet path={path} onClose={() => setOpen(null)} />}
    </div>
  )
}

interface Path {
  city: string
  id: string
  line: string
}

function ApproveSheet({ path, part, onClose }: { path: Path; part: Part; onClose: () => void }) {
  const t = useTexts(townTexts)
  const toast = useToast()
  const reread = useReread(path.id)
  const schema = useMemo(
    () => v.object({ reference: filled(t.referenceNeeded), signed_on: existingDay(t.dayNeeded), must_be_published: v.boolean() }),
    [t],
  )
  const form = useForm({
    schema,
    defaults: { reference: part.agreement?.reference ?? '', signed_on: part.agreement?.signed_on ?? day(), must_be_published: false },
    send: async agreement => {
      const done = await ask(api.POST('/v1/cities/{city}/providers/{id}/parts/{line}/approval', { params: { path }, body: { agreement: { ...agreement, published_on: null } } }))
      await reread()
      toast(done.open ? t.approved : t.signed)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={t.approveTitle(part.programme_name)}>
      <Form form={form}>
        <Input label={t.reference} maxLength={200} {...form.field('reference')} />
        <DateInput label={t.signedOn} {...form.field('signed_on')} />
        <Checkbox label={t.mustBePublished} hint={t.mustBePublishedHint} {...form.field('must_be_published')} />
        <p className="small soft">{t.approveEffect}</p>
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.approve}</Button></div>
      </Form>
    </Sheet>
  )
}

function PublishSheet({ path, onClose }: { path: Path; onClose: () => void }) {
  const t = useTexts(townTexts)
  const toast = useToast()
  const reread = useReread(path.id)
  const schema = useMemo(() => v.object({ published_on: existingDay(t.dayNeeded) }), [t])
  const form = useForm({
    schema,
    defaults: { published_on: day() },
    send: async body => {
      await ask(api.POST('/v1/cities/{city}/providers/{id}/parts/{line}/publication', { params: { path }, body }))
      await reread()
      toast(t.publishedToast)
      onClose()
    },
  })
  return (
    <Sheet open onClose={onClose} title={t.publishTitle}>
      <Form form={form}>
        <DateInput label={t.publishedOn} {...form.field('published_on')} />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.publish}</Button></div>
      </Form>
    </Sheet>
  )
}
