import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { Link, useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { date, dateTime, deadline, money } from '@/lib/format'
import { useLanguage, useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Upload } from '@/ui/Upload'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { arrivalTexts } from './arrival.texts'
import { DOCUMENT_TYPES, applicationQuery, hasArrived, useApplicationActs, type ApplicationDetail } from './calls'
import { exactTime } from './exactTime'
import { DOCUMENT_BYTES_MAX } from './limits'
import { Conditions, Documents, History, Own, StateTag, ownText } from './parts'
import { CAN_WITHDRAW } from './states'
import { applicationTexts, wizardTexts } from './texts'

const TEXT_MAX = 2000

/** One application: where it stands, what is next, what happened. */
export default function Application() {
  const city = useCity()
  const { id = '' } = useParams()
  const query = useQuery(applicationQuery(city.slug, id))
  return <Loaded screen query={query} waiting={<Skeleton lines={8} />}>{detail => <Detail detail={detail} />}</Loaded>
}

function Detail({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(applicationTexts)
  const { application } = detail
  const name = ownText(application.programme_name)
  return (
    <Page
      heading={<Own of={application.programme_name} />}
      title={name}
      tag={<StateTag state={application.state} />}
      lead={`${t.forWhom}: ${application.stated.given_names} ${application.stated.surname}${application.number ? ` · ${t.number(application.number)}` : ''}`}
      above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/zadosti' }, { label: application.number || name }]} />}
    >
      <div className="with-aside">
        <div className="stack gap-5">
          <NextStep detail={detail} />
          {application.state === 'declined' && <Declined detail={detail} />}
          <Card title={t.history} level={2}><History lines={detail.history} /></Card>
          <Data detail={detail} />
        </div>
        <div className="stack gap-5">
          <Card title={t.conditions} level={2}>
            <div className="stack">
              <Conditions narrow conditions={detail.conditions} />
              <p className="small"><Link href={`/programy/${application.programme}`}>{t.toProgramme}</Link></p>
            </div>
          </Card>
          <Withdraw detail={detail} />
        </div>
      </div>
    </Page>
  )
}

function NextStep({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(applicationTexts)
  const { application } = detail
  if (hasArrived(detail)) return <Arrived detail={detail} />
  const by = application.decide_by ? date(application.decide_by) : ''
  switch (application.state) {
    case 'draft':
      return <Callout tone="info" title={t.sentence.draft} action={<LinkButton look="primary" href={`/zadosti/${application.id}/krok/2`}>{t.continue}</LinkButton>} />
    case 'submitted':
    case 'in_review':
      return <Callout tone="info" title={t.sentence[application.state](by)} />
    case 'returned':
      return <Returned detail={detail} />
    case 'approved':
      return <Callout tone="success" title={t.sentence.approved(application.amount_minor)} action={<LinkButton look="primary" href="/vouchery">{t.toGrant}</LinkButton>} />
    case 'verifying':
    case 'waiting':
      return <Callout tone="info" title={t.state[application.state]}>{t.sentence[application.state]}</Callout>
    default:
      return <Callout tone="neutral" title={t.sentence[application.state]} />
  }
}

/** It was received and waits for its turn: the time is told to the second, the outcome is not promised. */
function Arrived({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(arrivalTexts)
  const language = useLanguage()
  return <Callout tone="info" title={t.arrived(exactTime(detail.application.received_at ?? '', language))}>{t.arrivedText}</Callout>
}

/** The clerk's question, the answer and files. */
function Returned({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(applicationTexts)
  const w = useTexts(wizardTexts)
  const city = useCity()
  const toast = useToast()
  const { application } = detail
  const acts = useApplicationActs(city.slug, application.id)
  const schema = useMemo(() => v.object({ text: filled(t.answerMissing, TEXT_MAX) }), [t])
  const form = useForm({
    schema,
    defaults: { text: '' },
    send: async ({ text }) => {
      await acts.answer(text)
      toast(t.answerSent)
    },
  })
  return (
    <div className="card stack">
      <Callout tone="warning" title={t.sentence.returned(application.deadline ? deadline(application.deadline) : '')} />
      <div>
        <h2>{t.question}</h2>
        <p className="question text">{application.question}</p>
      </div>
      <Form form={form}>
        <Textarea label={t.answer} hint={t.answerHint} {...form.field('text')} />
        <Upload
          label={w.upload}
          hint={w.uploadHint}
          name="documents"
          files={detail.documents}
          accept={DOCUMENT_TYPES.join(',')}
          bytesMax={DOCUMENT_BYTES_MAX}
          tooLarge={w.tooLarge}
          send={acts.sendDocument}
          remove={document => void acts.removeDocument(document)}
        />
        <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.sendAnswer}</Button></div>
      </Form>
    </div>
  )
}

function Declined({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(applicationTexts)
  const city = useCity()
  const toast = useToast()
  const [open, setOpen] = useState(false)
  const { application } = detail
  const acts = useApplicationActs(city.slug, application.id)
  const schema = useMemo(() => v.object({ text: filled(t.answerMissing, TEXT_MAX) }), [t])
  const form = useForm({
    schema,
    defaults: { text: '' },
    send: async ({ text }) => {
      await acts.reconsider(text)
      setOpen(false)
      toast(t.reconsiderSent)
    },
  })
  return (
    <Card title={t.reason} level={2}>
      <div className="stack">
        <p className="question text">{application.reason}</p>
        {!application.reconsideration_at && <div className="buttons"><Button onClick={() => setOpen(true)}>{t.reconsider}</Button></div>}
      </div>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.reconsiderTitle}>
        <Form form={form}>
          <p>{t.reconsiderText}</p>
          <Textarea label={t.reconsiderLabel} {...form.field('text')} />
          <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.reconsider}</Button></div>
        </Form>
      </Dialog>
    </Card>
  )
}

function Data({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(applicationTexts)
  const language = useLanguage()
  const { application, documents } = detail
  const { stated, answers } = application
  const facts = [
    { label: t.name, value: `${stated.given_names} ${stated.surname}` },
    { label: t.birthDate, value: date(stated.birth_date) },
    { label: t.address, value: stated.address },
    { label: t.amount, value: money(application.amount_minor) },
    ...(answers.activity ? [{ label: t.activity, value: answers.activity }] : []),
    ...(answers.price_minor !== null ? [{ label: t.price, value: money(answers.price_minor) }] : []),
    ...(answers.note ? [{ label: t.note, value: answers.note }] : []),
    ...(application.received_at ? [{ label: t.submittedAt, value: detail.rules.decides === 'arrival' ? exactTime(application.received_at, language) : dateTime(application.received_at) }] : []),
  ]
  return (
    <Card title={t.data} level={2}>
      <div className="stack">
        <Facts facts={facts} />
        <h3>{t.documents}</h3>
        <Documents application={application.id} documents={documents} />
      </div>
    </Card>
  )
}

function Withdraw({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(applicationTexts)
  const city = useCity()
  const toast = useToast()
  const [open, setOpen] = useState(false)
  const { application } = detail
  const { withdraw } = useApplicationActs(city.slug, application.id)
  if (!CAN_WITHDRAW.includes(application.state)) return null
  const done = () => {
    setOpen(false)
    toast(t.withdrawn)
  }
  return (
    <div>
      <Button look="danger-quiet" onClick={() => setOpen(true)}>{t.withdraw}</Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t.withdrawTitle}
        actions={
          <>
            <Button autoFocus onClick={() => setOpen(false)}>{t.withdrawNo}</Button>
            <Button look="danger" busy={withdraw.isPending} onClick={() => void withdraw.mutateAsync(undefined).then(done, () => undefined)}>{t.withdrawYes}</Button>
          </>
        }
      >
        {withdraw.error && <ProblemCallout problem={withdraw.error} />}
        <p>{t.withdrawText}</p>
      </Dialog>
    </div>
  )
}
