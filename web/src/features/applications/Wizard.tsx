import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { Link, Redirect, useLocation, useParams } from 'wouter'
import { useAutosave } from '@/lib/autosave'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { useKeeping, useKept } from '@/lib/draft'
import { date, money, parseMoney } from '@/lib/format'
import { localised, useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Checkbox, Input, MoneyInput, Textarea } from '@/ui/Field'
import { SaveState } from '@/ui/SaveState'
import { useToast } from '@/ui/Toast'
import { Upload } from '@/ui/Upload'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { DOCUMENT_TYPES, applicationQuery, useApplicationActs, type Answers, type ApplicationDetail } from './calls'
import { DOCUMENT_BYTES_MAX } from './limits'
import { Conditions } from './parts'
import { WizardFrame } from './WizardFrame'
import { wizardTexts } from './texts'

const LAST = 5

/** A draft, step by step. It saves itself; nothing is sent before the last button. */
export default function Wizard() {
  const city = useCity()
  const { id = '', step = '2' } = useParams()
  const query = useQuery({ ...applicationQuery(city.slug, id), refetchOnWindowFocus: false })
  return (
    <Loaded screen query={query} waiting={<Skeleton lines={6} />}>
      {detail => (detail.application.state === 'draft' ? <Steps detail={detail} step={clamp(Number(step))} /> : <Redirect to={`/zadosti/${id}`} />)}
    </Loaded>
  )
}

const clamp = (step: number) => Math.min(Math.max(Number.isInteger(step) ? step : 2, 2), LAST)

interface Typed extends Omit<Answers, 'price_minor'> {
  price: string
}

/** What is kept in this tab until it is saved: the version it stands on, and what is typed. */
interface Kept {
  v: number
  typed: Typed
}

const typedOf = ({ price_minor, ...answers }: Answers): Typed => ({ ...answers, price: price_minor === null ? '' : money(price_minor).replace(/\s?Kč/, '') })
const answersOf = ({ price, ...typed }: Typed): Answers => ({ ...typed, price_minor: price.trim() ? parseMoney(price) : null })

function Steps({ detail, step }: { detail: ApplicationDetail; step: number }) {
  const t = useTexts(wizardTexts)
  const city = useCity()
  const [, go] = useLocation()
  const { application, rules } = detail
  const acts = useApplicationActs(city.slug, application.id)
  const name = `application.${application.id}`
  const kept = useKept<Kept>(name)
  const [typed, setTyped] = useState(() => kept?.typed ?? typedOf(application.answers))
  const [version, setVersion] = useState(kept?.v ?? application.v)
  const [isBehind, setBehind] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const save = async (answers: Answers) => {
    try {
      setVersion((await acts.saveDraft(version, answers)).v)
    } catch (thrown) {
      if (asProblem(thrown).code === 'changed_meanwhile') {
        await acts.reload()
        setBehind(true)
      }
      throw thrown
    }
  }
  const [stored] = useState(application.answers)
  const saved = useAutosave(answersOf(typed), save, answersOf(typedOf(stored)))
  const { state, flush } = saved
  const sending = useSending(detail, flush)
  useKeeping<Kept>(name, state.status === 'clean' || state.status === 'saved' ? null : { v: version, typed })
  useEffect(() => {
    if (!isBehind) void flush() // after the choice whose answers stay
  }, [isBehind, flush])
  const stayWith = (chosen: Typed) => {
    setTyped(chosen)
    setVersion(application.v)
    setBehind(false)
  }

  const mistake = (): string | null => {
    if (step === 2 && rules.who.one_per_household && !typed.only_of_household) return t.householdMissing
    if (step === 3 && typed.price.trim() && parseMoney(typed.price) === null) return t.priceWrong
    if (step === 4 && rules.documents && detail.documents.length === 0) return t.documentsMissing
    return null
  }
  const onward = async () => {
    const found = mistake()
    setWrong(found)
    if (found) return
    if (!(await flush())) return
    await acts.reload()
    go(`/zadosti/${application.id}/krok/${step + 1}`)
  }
  const change = (part: Partial<Typed>) => {
    setWrong(null)
    setTyped({ ...typed, ...part })
  }
  const sendButton = { label: t.send(application.amount_minor), busy: sending.busy, onClick: () => void sending.send() }
  const next = step < LAST ? { label: t.next, onClick: () => void onward() } : againstOf(detail).length === 0 ? sendButton : undefined
  const frame = (question: string, hint: string | undefined, children: ReactNode) => (
    <WizardFrame
      key={step}
      programme={application.programme_name}
      step={step - 1}
      application={application.id}
      question={question}
      hint={hint}
      next={next}
      state={<SaveState state={state} note={t.notSent} />}
      flush={flush}
    >
      {isBehind && (
        <Callout tone="warning" title={t.behind} appears action={<div className="buttons"><Button onClick={() => stayWith(typed)}>{t.keepMine}</Button><Button onClick={() => stayWith(typedOf(application.answers))}>{t.takeTheirs}</Button></div>}>
          <p>{t.behindText}</p>
        </Callout>
      )}
      {state.status === 'failed' && !isBehind && <ProblemCallout problem={state.problem} />}
      {children}
    </WizardFrame>
  )
  switch (step) {
    case 2:
      return frame(t.conditionsTitle, t.conditionsLead, <ConditionsStep detail={detail} typed={typed} change={change} wrong={wrong} />)
    case 3:
      return frame(t.activityTitle, t.activityLead, <ActivityStep typed={typed} change={change} wrong={wrong} />)
    case 4:
      return frame(t.documentsTitle, rules.documents ? t.documentsLead(localised(rules.documents).text) : t.documentsNone, <DocumentsStep detail={detail} wrong={wrong} />)
    default:
      return frame(t.summaryTitle, undefined, <Summary detail={detail} typed={typed} problem={sending.problem} />)
  }
}

interface StepProps {
  typed: Typed
  change: (part: Partial<Typed>) => void
  wrong: string | null
}

function ConditionsStep({ detail, typed, change, wrong }: StepProps & { detail: ApplicationDetail }) {
  const t = useTexts(wizardTexts)
  const shown = detail.conditions.filter(condition => !['household', 'documents'].includes(condition.code))
  return (
    <div className="card stack">
      <Conditions conditions={shown} />
      {detail.rules.who.one_per_household && (
        <Checkbox
          name="only_of_household"
          label={t.household}
          error={wrong ?? undefined}
          checked={typed.only_of_household}
          onChange={event => change({ only_of_household: event.target.checked })}
        />
      )}
    </div>
  )
}

function ActivityStep({ typed, change, wrong }: StepProps) {
  const t = useTexts(wizardTexts)
  return (
    <div className="card stack gap-5">
      <Input label={t.activity} hint={t.activityHint} optional maxLength={200} name="activity" value={typed.activity} onChange={event => change({ activity: event.target.value })} />
      <MoneyInput label={t.price} hint={t.priceHint} optional name="price" error={wrong ?? undefined} value={typed.price} onChange={event => change({ price: event.target.value })} />
      <Textarea label={t.note} optional rows={3} maxLength={2000} name="note" value={typed.note} onChange={event => change({ note: event.target.value })} />
    </div>
  )
}

function DocumentsStep({ detail, wrong }: { detail: ApplicationDetail; wrong: string | null }) {
  const t = useTexts(wizardTexts)
  const city = useCity()
  const acts = useApplicationActs(city.slug, detail.application.id)
  return (
    <div className="card">
      <Upload
        label={t.upload}
        hint={t.uploadHint}
        error={wrong ?? undefined}
        name="documents"
        files={detail.documents}
        accept={DOCUMENT_TYPES.join(',')}
        bytesMax={DOCUMENT_BYTES_MAX}
        tooLarge={t.tooLarge}
        send={acts.sendDocument}
        remove={document => void acts.removeDocument(document)}
      />
    </div>
  )
}

/** Everything once more; the button that sends is below. */
function Summary({ detail, typed, problem }: { detail: ApplicationDetail; typed: Typed; problem: Problem | null }) {
  const t = useTexts(wizardTexts)
  const { application, rules, documents } = detail
  const against = againstOf(detail)
  const path = (step: number) => `/zadosti/${application.id}/krok/${step}`
  const name = `${application.stated.given_names} ${application.stated.surname}`
  const price = typed.price.trim() ? parseMoney(typed.price) : null
  return (
    <>
      {against.length > 0 && <Callout tone="warning" title={t.cannotSend}><Conditions conditions={against} /></Callout>}
      {problem && <ProblemCallout problem={problem} title={t.cannotSend} />}
      <div className="card">
        <Row label={t.steps[0]!} value={`${name}, ${date(application.stated.birth_date)}`} />
        <Row label={t.activity} value={typed.activity || t.nothing} change={path(3)} />
        <Row label={t.price} value={price === null ? t.nothing : money(price)} change={path(3)} />
        <Row label={t.documentsTitle} value={documents.map(document => document.name).join(', ') || t.nothing} change={path(4)} />
      </div>
      <p className="soft">{t.order} {t.decidedIn(t.days(rules.days_to_decide))}</p>
      <div><Discard detail={detail} /></div>
    </>
  )
}

const againstOf = (detail: ApplicationDetail) => detail.conditions.filter(condition => condition.verdict === 'not_met')

/** Sends the draft as it was last saved. */
function useSending(detail: ApplicationDetail, flush: () => Promise<boolean>) {
  const t = useTexts(wizardTexts)
  const city = useCity()
  const toast = useToast()
  const [, go] = useLocation()
  const acts = useApplicationActs(city.slug, detail.application.id)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const send = async () => {
    setBusy(true)
    setProblem(null)
    try {
      if (!(await flush())) return // what is typed is not on the server: it is not sent without it
      await acts.submit()
      toast(t.sent)
      go(`/zadosti/${detail.application.id}`)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, send }
}

function Row({ label, value, change }: { label: string; value: string; change?: string }) {
  const t = useTexts(wizardTexts)
  return (
    <div className="summary-row">
      <div>
        <p className="small soft">{label}</p>
        <p>{value}</p>
      </div>
      {change && <Link href={change} aria-label={`${t.change}: ${label}`}>{t.change}</Link>}
    </div>
  )
}

function Discard({ detail }: { detail: ApplicationDetail }) {
  const t = useTexts(wizardTexts)
  const city = useCity()
  const toast = useToast()
  const [, go] = useLocation()
  const { discard } = useApplicationActs(city.slug, detail.application.id)
  const done = () => {
    toast(t.discarded)
    go('/zadosti')
  }
  return <Button look="danger-quiet" busy={discard.isPending} onClick={() => void discard.mutateAsync(undefined).then(done, () => undefined)}>{t.discard}</Button>
}
