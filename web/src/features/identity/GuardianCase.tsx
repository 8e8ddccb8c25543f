import { useMutation } from '@tanstack/react-query'
import { useMemo } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { RadioGroup, Select, Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { ProblemCallout } from '@/ui/Waiting'
import { chosenDocument, useDocumentOptions } from './documents'
import { openGuardianDocument, useVerificationActs, type Document, type Verification } from './calls'
import { LinkStatus } from './LinkStatus'
import { adminTexts } from './admin.texts'

const NOTE_MAX = 500

/** A guardian's link: the document, and the decision of one clerk and then of another. */
export function GuardianCase({ one, mayDecide }: { one: Verification; mayDecide: boolean }) {
  const t = useTexts(adminTexts)
  const city = useCity()
  const link = one.link!
  const open = useMutation({
    mutationFn: () => openGuardianDocument(city.slug, one.id),
    onSuccess: url => void window.open(url, '_blank', 'noopener'),
  })
  return (
    <Card level={2} title={t.guardianTitle} aside={<LinkStatus one={one} />}>
      <div className="stack">
        {open.error && <ProblemCallout problem={open.error} />}
        {mayDecide && link.document_sent && <div><Button busy={open.isPending} onClick={() => open.mutate()}>{t.openDocument}</Button></div>}
        {mayDecide && (link.state === 'declared' || link.state === 'refused') && <LinkDecision one={one} />}
      </div>
    </Card>
  )
}

function LinkDecision({ one }: { one: Verification }) {
  const t = useTexts(adminTexts)
  const toast = useToast()
  const { decideGuardian } = useVerificationActs(useCity().slug, one.id)
  const link = one.link!
  const schema = useMemo(
    () =>
      v.object({
        proved: v.pipe(v.picklist(['yes', 'no'], t.guardianMissing), v.transform(said => said === 'yes')),
        document: chosenDocument(t.documentMissing),
        note: v.pipe(v.string(), v.trim(), v.maxLength(NOTE_MAX)),
      }),
    [t],
  )
  const form = useForm({
    schema: schema as v.GenericSchema<{ proved: string; document: string; note: string }, { proved: boolean; document: Document; note: string }>,
    defaults: { proved: '', document: '', note: '' },
    send: async values => {
      await decideGuardian(link.v, values)
      toast(t.guardianToast)
    },
  })
  return (
    <Form form={form}>
      <p>{link.waits_for_second_clerk ? t.secondClerk : t.firstClerk}</p>
      <RadioGroup
        legend={t.guardianQuestion}
        choices={[
          { value: 'yes', label: t.guardianYes },
          { value: 'no', label: t.guardianNo },
        ]}
        {...form.field('proved')}
      />
      <Select label={t.document} options={useDocumentOptions()} {...form.field('document')} />
      <Textarea label={t.note} rows={3} optional maxLength={NOTE_MAX} {...form.field('note')} />
      <Button submit busy={form.isBusy}>{link.waits_for_second_clerk ? t.confirmGuardian : t.decideGuardian}</Button>
    </Form>
  )
}
