import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import * as v from 'valibot'
import { useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { date, day } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { stepOf } from '@/lib/person'
import { useTexts } from '@/lib/texts'
import { Problem } from '@/lib/api/problem'
import { Button } from '@/ui/Button'
import { Card, Facts } from '@/ui/Card'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Upload } from '@/ui/Upload'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { memberQuery, sendGuardianDocument, UPLOAD_TYPES, useVerificationActs, type UploadType, type Verification } from './calls'
import { LinkStatus } from './LinkStatus'
import { StateSentence } from './StateSentence'
import { StateTag } from './StateTag'
import { StepButton } from './StepButton'
import { memberTexts } from './texts'

const DOCUMENT_BYTES_MAX = 10 * 1024 * 1024
const BIRTH_PLACE_MAX = 100

/** One of the household: what is known, and the form for what is missing. */
export default function Member() {
  const { id = '' } = useParams<{ id: string }>()
  const city = useCity()
  const member = useQuery(memberQuery(city.slug, id))
  return <Loaded screen query={member} waiting={<Skeleton lines={6} />}>{one => <OneMember one={one} />}</Loaded>
}

function OneMember({ one }: { one: Verification }) {
  const t = useTexts(memberTexts)
  const name = `${one.given_names} ${one.surname}`
  const step = stepOf(one)
  return (
    <Page
      above={<Breadcrumbs crumbs={[{ label: t.household, href: '/domacnost' }, { label: name }]} />}
      heading={name}
      tag={<StateTag one={one} />}
      lead={<StateSentence one={one} />}
    >
      <StepButton one={one} here />
      {step === 'birth_place' && <BirthPlaceForm one={one} />}
      {step === 'prove' && <SecondProof one={one} />}
      {one.link && <GuardianLink one={one} />}
      <Card level={2} title={t.data}><Facts facts={useFacts(one)} /></Card>
    </Page>
  )
}

function useFacts(one: Verification) {
  const t = useTexts(memberTexts)
  return [
    { label: t.name, value: `${one.given_names} ${one.surname}` },
    ...(one.registry_name ? [{ label: t.inRegistry, value: `${one.registry_name.given_names} ${one.registry_name.surname}` }] : []),
    { label: t.birthDate, value: date(one.birth_date) },
    { label: t.address, value: one.address },
    ...(one.checked_at ? [{ label: t.checkedAt, value: date(day(one.checked_at)) }] : []),
    ...(one.expires_at ? [{ label: t.validUntil, value: date(day(one.expires_at)) }] : []),
  ]
}

function BirthPlaceForm({ one }: { one: Verification }) {
  const t = useTexts(memberTexts)
  const toast = useToast()
  const { tellBirthPlace } = useVerificationActs(useCity().slug, one.id)
  const schema = useMemo(() => v.object({ birth_place: filled(t.birthPlaceMissing, BIRTH_PLACE_MAX) }), [t])
  const form = useForm({
    schema,
    defaults: { birth_place: '' },
    send: async ({ birth_place }) => {
      await tellBirthPlace(birth_place)
      toast(t.askedToast)
    },
  })
  return (
    <Card level={2} title={t.birthPlaceTitle}>
      <Form form={form}>
        <Input label={t.birthPlace} hint={t.birthPlaceHint} autoComplete="off" {...form.field('birth_place')} />
        <Button submit look="primary" busy={form.isBusy}>{t.sendBirthPlace}</Button>
      </Form>
    </Card>
  )
}

/** The code by post and the counter, as the town offers them. */
function SecondProof({ one }: { one: Verification }) {
  const t = useTexts(memberTexts)
  const city = useCity()
  const mayPost = city.second_proof.by_post && !one.official_address && one.outcome === 'match'
  return (
    <Card level={2} title={t.proofTitle}>
      <div className="stack">
        <p>{t.proofWhy}</p>
        {one.letter ? <CodeForm one={one} orderedAt={one.letter.ordered_at} /> : mayPost && <OrderLetter one={one} />}
        {city.second_proof.at_desk && (
          <div>
            <h3 className="card-title">{t.atDesk}</h3>
            <p>{t.atDeskWhat}</p>
            {city.contact.office && <p className="small soft">{[city.contact.office, city.contact.office_hours].filter(Boolean).join(' · ')}</p>}
          </div>
        )}
      </div>
    </Card>
  )
}

function OrderLetter({ one }: { one: Verification }) {
  const t = useTexts(memberTexts)
  const toast = useToast()
  const { orderLetter } = useVerificationActs(useCity().slug, one.id)
  return (
    <div className="stack gap-3">
      <div>
        <h3 className="card-title">{t.byPost}</h3>
        <p>{t.byPostWhat}</p>
      </div>
      {orderLetter.error && <ProblemCallout problem={orderLetter.error} />}
      <div><Button look="primary" busy={orderLetter.isPending} onClick={() => void orderLetter.mutateAsync(undefined).then(() => toast(t.orderedToast), () => undefined)}>{t.order}</Button></div>
    </div>
  )
}

function CodeForm({ one, orderedAt }: { one: Verification; orderedAt: string }) {
  const t = useTexts(memberTexts)
  const toast = useToast()
  const { proveByCode } = useVerificationActs(useCity().slug, one.id)
  const schema = useMemo(() => v.object({ code: v.pipe(v.string(), v.trim(), v.regex(/^(?:[\s–-]*[\p{L}\p{N}]){8}[\s–-]*$/u, t.codeMissing)) }), [t])
  const form = useForm({
    schema,
    defaults: { code: '' },
    send: async ({ code }) => {
      await proveByCode(code)
      toast(t.provedToast)
    },
  })
  return (
    <Form form={form}>
      <p>{t.ordered(date(day(orderedAt)))}</p>
      <Input label={t.code} hint={t.codeHint} chars={20} autoComplete="off" autoCapitalize="characters" maxLength={20} {...form.field('code')} />
      <Button submit look="primary" busy={form.isBusy}>{t.prove}</Button>
    </Form>
  )
}

function GuardianLink({ one }: { one: Verification }) {
  const t = useTexts(memberTexts)
  return (
    <Card level={2} title={t.link} aside={<LinkStatus one={one} />}>
      <div className="stack">
        {takesDocument(one) && <GuardianDocument one={one} />}
      </div>
    </Card>
  )
}

/** Until a clerk has decided; another file takes the place of the one before. */
function takesDocument({ link }: Verification): boolean {
  return link?.state === 'declared' && !link.waits_for_second_clerk && (link.document_wanted || link.document_sent)
}

function GuardianDocument({ one }: { one: Verification }) {
  const t = useTexts(memberTexts)
  const city = useCity()
  const { reload } = useVerificationActs(city.slug, one.id)
  async function send(file: File, onProgress: (share: number) => void) {
    if (!UPLOAD_TYPES.includes(file.type as UploadType)) throw new Problem(422, { code: 'wrong_type', detail: t.wrongType })
    await sendGuardianDocument(city.slug, one.id, file, onProgress)
    await reload()
  }
  return (
    <Upload
      name="guardian_document"
      label={t.document}
      hint={t.documentHint}
      files={[]}
      send={send}
      remove={() => undefined}
      accept={UPLOAD_TYPES.join(',')}
      bytesMax={DOCUMENT_BYTES_MAX}
      tooLarge={t.tooLarge}
    />
  )
}
