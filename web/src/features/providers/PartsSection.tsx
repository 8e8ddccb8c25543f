import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import collection from '~icon/collection'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { localised, useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Sheet } from '@/ui/Dialog'
import { Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded } from '@/ui/Waiting'
import { partsQuery, programmesQuery, type Part, type Provider } from './calls'
import { useReread } from './saving'
import { ownTexts } from './texts'
import { PartTag } from './words'

/** The programmes whose contributions the provider accepts, or asked to. */
export function PartsSection({ provider, mayJoin }: { provider: Provider; mayJoin: boolean }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const [joining, setJoining] = useState(false)
  const parts = useQuery(partsQuery(city.slug, provider.id))
  const canJoin = mayJoin && provider.missing.length === 0 && provider.state !== 'suspended' && provider.state !== 'ended'
  const isFirst = parts.data?.items.length === 0
  const join = canJoin && <Button look={isFirst ? 'primary' : 'secondary'} onClick={() => setJoining(true)}>{t.joinProgramme}</Button>
  return (
    <Section title={t.programmes} aside={!isFirst && join}>
      <Loaded query={parts}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={collection} title={t.noParts} action={join}>{provider.missing.length > 0 ? t.addWhy : t.noPartsWhy}</EmptyState>
          ) : (
            <CardList label={t.programmes}>
              {items.map(part => <ListRow key={part.programme} title={part.programme_name} meta={<PartMeta part={part} />} aside={<PartTag state={part.state} />} />)}
            </CardList>
          )
        }
      </Loaded>
      {joining && <JoinSheet provider={provider} parts={parts.data?.items ?? []} onClose={() => setJoining(false)} />}
    </Section>
  )
}

function PartMeta({ part }: { part: Part }) {
  const t = useTexts(ownTexts)
  return <>{[`${t.askedAt} ${date(part.asked_at)}`, part.agreement && `${t.agreement} ${part.agreement.reference}`, part.reason].filter(Boolean).join(' · ')}</>
}

function JoinSheet({ provider, parts, onClose }: { provider: Provider; parts: readonly Part[]; onClose: () => void }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const programmes = useQuery(programmesQuery(city.slug))
  const taken = new Set(parts.filter(({ state }) => state !== 'declined' && state !== 'ended').map(({ programme }) => programme))
  return (
    <Sheet open onClose={onClose} title={t.joinProgramme}>
      <Loaded query={programmes}>
        {({ items }) => {
          const free = items.filter(({ id, state }) => !taken.has(id) && state !== 'closed')
          if (free.length === 0) return <p className="soft">{t.noProgrammes}</p>
          return <JoinForm provider={provider} options={free.map(({ id, rules }) => ({ value: id, label: localised(rules.name).text }))} onClose={onClose} />
        }}
      </Loaded>
    </Sheet>
  )
}

function JoinForm({ provider, options, onClose }: { provider: Provider; options: readonly { value: string; label: string }[]; onClose: () => void }) {
  const t = useTexts(ownTexts)
  const city = useCity()
  const toast = useToast()
  const reread = useReread(provider.id)
  const schema = useMemo(() => v.object({ programme: filled(t.chooseNeeded) }), [t])
  const form = useForm({
    schema,
    defaults: { programme: options[0]?.value ?? '' },
    send: async body => {
      await ask(api.POST('/v1/cities/{city}/providers/{id}/parts', { params: { path: { city: city.slug, id: provider.id } }, body }))
      await reread()
      toast(t.joined)
      onClose()
    },
  })
  return (
    <Form form={form}>
      <Select label={t.chooseProgramme} options={options} {...form.field('programme')} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.send}</Button></div>
    </Form>
  )
}
