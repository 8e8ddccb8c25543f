import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useCity } from '@/lib/city'
import { asProblem, type Problem } from '@/lib/api/problem'
import { forgetDraft, useKeeping, useKept } from '@/lib/draft'
import { dateTime, money } from '@/lib/format'
import { useOperation } from '@/lib/operation'
import { rolesIn, useSession } from '@/lib/session'
import { useLanguage, useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Facts } from '@/ui/Card'
import { DecisionPanel } from '@/ui/DecisionPanel'
import { RadioGroup, Select, Textarea } from '@/ui/Field'
import { OperationNotice } from '@/ui/OperationNotice'
import { useToast } from '@/ui/Toast'
import { ProblemCallout } from '@/ui/Waiting'
import { arrivalTexts } from './arrival.texts'
import { hasArrived, useReviewActs, type Decision, type Opening } from './calls'
import { exactTime } from './exactTime'
import { applicationTexts } from './texts'
import { reviewTexts } from './review.texts'

const DECIDABLE = ['submitted', 'in_review', 'verifying', 'returned']
const TERMS = ['3', '7', '14', '30']
const TERM_USUAL = '7'
const TEXT_MIN = 3

interface DecisionSideProps {
  opening: Opening
  /** To the next one in order, or back to the queue. */
  onward: () => void
  hasKeys: boolean
}

/** Beside the application: whose it is, and the decision, unless there is nothing to decide. */
export function DecisionSide({ opening, onward, hasKeys }: DecisionSideProps) {
  const t = useTexts(reviewTexts)
  const a = useTexts(applicationTexts)
  const city = useCity()
  const { session } = useSession()
  const { application } = opening
  const mayDecide = rolesIn(session, city.slug).some(role => role === 'clerk' || role === 'programme_owner')
  if (hasArrived(opening)) return <aside><Arrived opening={opening} /></aside>
  if (!DECIDABLE.includes(application.state)) {
    return (
      <aside className="stack">
        <Callout tone="neutral" title={t.decided}>{t.decidedText(a.state[application.state])}</Callout>
        {mayDecide && opening.undo_until && !opening.conflict && <UndoDecline opening={opening} until={opening.undo_until} />}
        <Unsent application={application.id} />
      </aside>
    )
  }
  if (opening.conflict) return <aside><Callout tone="warning" title={t.conflict}>{t.conflictText}</Callout></aside>
  if (!mayDecide) return <aside><Amounts opening={opening} /></aside>
  return (
    <div>
      <DecisionPanel title={t.decision} trigger={t.decide}>
        <Panel opening={opening} onward={onward} />
        <Assignment opening={opening} />
      </DecisionPanel>
      {hasKeys && <p className="small soft keys desktop-only">{t.keys}</p>}
    </div>
  )
}

/** Nobody decides it here: its turn comes by its time of receipt. */
function Arrived({ opening }: { opening: Opening }) {
  const t = useTexts(arrivalTexts)
  const language = useLanguage()
  return <Callout tone="info" title={t.forClerk}>{t.forClerkText(exactTime(opening.application.received_at ?? '', language))}</Callout>
}

function Amounts({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const { application, free_minor } = opening
  const after = free_minor - application.amount_minor
  return (
    <Facts
      money
      facts={[
        { label: t.asked, value: money(application.amount_minor, 'always') },
        { label: t.free, value: money(free_minor, 'always') },
        ...(after >= 0 ? [{ label: t.after, value: money(after, 'always') }] : []),
      ]}
    />
  )
}

/** A decline that its applicant does not know of yet. */
function UndoDecline({ opening, until }: { opening: Opening; until: string }) {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const toast = useToast()
  const acts = useReviewActs(city.slug, opening.application.id)
  const undoDecline = useMutation({ mutationFn: () => acts.undoDecline() })
  const [isPast, setPast] = useState(() => Date.parse(until) <= Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setPast(true), Math.max(Date.parse(until) - Date.now(), 0))
    return () => clearTimeout(timer)
  }, [until])
  if (isPast) return null
  // The panel is gone once the application is read anew: callbacks of `mutate` would go with it.
  const undo = () => undoDecline.mutateAsync(undefined).then(() => toast(t.undone), () => undefined)
  return (
    <Callout tone="info" action={<Button busy={undoDecline.isPending} onClick={() => void undo()}>{t.undo}</Button>}>
      <p>{t.undoText(dateTime(until))}</p>
      {undoDecline.error && <ProblemCallout problem={undoDecline.error} />}
    </Callout>
  )
}

/** What this clerk had written when a colleague was faster. */
function Unsent({ application }: { application: string }) {
  const t = useTexts(reviewTexts)
  const kept = useKept<Typed>(draftOf(application))
  const text = kept && (kept.reason || kept.question)
  return text ? <Callout tone="neutral" title={t.typed}><p className="history-text">{text}</p></Callout> : null
}

type Choice = Decision['outcome'] | 'clarify'

interface Typed {
  choice: Choice
  question: string
  days: string
  reason: string
  verdicts: Record<string, 'yes' | 'no'>
}

const draftOf = (application: string) => `decision.${application}`

function Panel({ opening, onward }: { opening: Opening; onward: () => void }) {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const client = useQueryClient()
  const toast = useToast()
  const { application } = opening
  const acts = useReviewActs(city.slug, application.id)
  const isVerifying = application.state === 'verifying'
  const untouched: Typed = { choice: isVerifying ? 'clarify' : 'approve', question: '', days: TERM_USUAL, reason: '', verdicts: {} }
  const name = draftOf(application.id)
  const [typed, setTyped] = useState(useKept<Typed>(name) ?? untouched)
  useKeeping(name, JSON.stringify(typed) === JSON.stringify(untouched) ? null : typed)
  const type = (change: Partial<Typed>) => setTyped(before => ({ ...before, ...change }))
  const { choice, question, days, reason, verdicts } = typed
  const [wrong, setWrong] = useState<string>()
  const toJudge = opening.conditions.filter(one => one.verdict === 'to_judge')
  const unread = toJudge.some(one => one.code === 'documents') ? opening.documents.filter(one => one.arrived_at && !one.opened) : []
  const [problem, setProblem] = useState<Problem | null>(null)
  const decision = useOperation(`decision:${application.id}`, acts.decide)

  const done = async (message: string, undo?: () => void) => {
    forgetDraft(name)
    setTyped(untouched)
    toast(message, { undo })
    await client.invalidateQueries({ queryKey: ['application-queue-counts', city.slug] })
    onward()
    await acts.reload()
  }
  const decide = async (outcome: Decision['outcome']) => {
    const judged = Object.fromEntries(toJudge.flatMap(({ code }) => (verdicts[code] ? [[code, verdicts[code] === 'yes']] : [])))
    const end = await decision.run({ outcome, reason: outcome === 'decline' ? reason.trim() : '', verdicts: judged })
    if (end.phase === 'done' && end.result.state === 'declined') await done(t.declined, takeBack)
    else if (end.phase === 'done') await done(end.result.state === 'waiting' ? t.waiting : t.approved)
    else if (end.phase === 'refused') await acts.reload()
  }
  // From the toast, when this panel may already be another application's.
  const takeBack = () => void acts.undoDecline().then(() => toast(t.undone), thrown => toast(asProblem(thrown).message))
  const clarify = async () => {
    setProblem(null)
    try {
      await acts.clarify(question.trim(), Number(days))
      await done(t.returned)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    }
  }
  const press = () => {
    const missing: Record<Choice, string | undefined> = {
      approve: unread.length > 0 ? t.openFirst(unread.map(one => one.name).join(', ')) : toJudge.some(({ code }) => !verdicts[code]) ? t.verdictMissing : toJudge.some(({ code }) => verdicts[code] === 'no') ? t.verdictAgainst : undefined,
      clarify: question.trim().length < TEXT_MIN ? t.questionMissing : undefined,
      decline: reason.trim().length < TEXT_MIN ? t.reasonMissing : undefined,
    }
    setWrong(missing[choice])
    if (missing[choice]) return
    void (choice === 'clarify' ? clarify() : decide(choice))
  }
  const choose = (next: Choice) => {
    type({ choice: next })
    setWrong(undefined)
    decision.reset()
  }
  const labels: Record<Choice, string> = { approve: t.doApprove(application.amount_minor), clarify: t.doClarify, decline: t.doDecline }
  const suffices = opening.free_minor >= application.amount_minor
  return (
    <div className="stack">
      <Amounts opening={opening} />
      {isVerifying && <Callout tone="info">{t.notVerified}</Callout>}
      <RadioGroup
        legend={t.choose}
        name="choice"
        onChange={event => choose(event.target.value as Choice)}
        choices={(['approve', 'clarify', 'decline'] as const).filter(one => !(isVerifying && one === 'approve') && !(application.state === 'returned' && one === 'clarify')).map(value => ({ value, label: t[value] }))}
        chosen={choice}
      />
      {choice !== 'clarify' && toJudge.map(one => (
        <RadioGroup
          key={one.code}
          legend={t.judge(t.conditionName[one.code] ?? one.code)}
          name={`verdict-${one.code}`}
          choices={[{ value: 'yes', label: t.holds }, { value: 'no', label: t.holdsNot }]}
          chosen={verdicts[one.code] ?? ''}
          onChange={event => type({ verdicts: { ...verdicts, [one.code]: event.target.value as 'yes' | 'no' } })}
        />
      ))}
      {choice === 'clarify' && <Textarea label={t.question} hint={t.questionHint} name="question" error={wrong} rows={4} maxLength={2000} value={question} onChange={event => type({ question: event.target.value })} />}
      {choice === 'clarify' && <Select label={t.term} name="days" options={TERMS.map(value => ({ value, label: t.termDays(Number(value)) }))} value={days} onChange={event => type({ days: event.target.value })} />}
      {choice === 'decline' && allHold(opening, verdicts) && <Callout tone="warning" title={t.allHold}><p>{t.allHoldText}</p></Callout>}
      {choice === 'decline' && <Textarea label={t.reason} hint={t.reasonHint} name="reason" error={wrong} rows={4} maxLength={2000} value={reason} onChange={event => type({ reason: event.target.value })} />}
      {choice === 'approve' && wrong && <Callout tone="error" appears><p>{wrong}</p></Callout>}
      <OperationNotice operation={decision} />
      {problem && <ProblemCallout problem={problem} />}
      <Button look={choice === 'decline' ? 'danger' : 'primary'} size="l" wide busy={decision.isBusy} onClick={press}>{labels[choice]}</Button>
      {choice === 'approve' && <p className="small soft">{suffices ? t.approveText(application.amount_minor) : t.waitText}</p>}
      {choice === 'decline' && <p className="small soft">{t.declineText}</p>}
    </div>
  )
}

/** Nothing speaks against the application: neither the registry, nor the rules, nor the clerk's own verdict. */
function allHold(opening: Opening, verdicts: Typed['verdicts']): boolean {
  return opening.conditions.every(one => one.verdict === 'met' || one.code === 'budget' || (one.verdict === 'to_judge' && verdicts[one.code] !== 'no'))
}

/** Whose the application is; a clerk takes it or gives it back. */
function Assignment({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const { session } = useSession()
  const { assign } = useReviewActs(city.slug, opening.application.id)
  const isMine = opening.assigned_to === session?.person.id
  return (
    <div className="stack gap-2 assignment">
      <p className="small"><span className="soft">{t.assignedTo}:</span> {opening.assigned_name || t.nobody}</p>
      {assign.error && <ProblemCallout problem={assign.error} />}
      <Button look="quiet" size="s" busy={assign.isPending} onClick={() => assign.mutate(isMine ? null : (session?.person.id ?? null))}>{isMine ? t.giveBack : t.take}</Button>
    </div>
  )
}
