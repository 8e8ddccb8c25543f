import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useCity } from '@/lib/city'
import { asProblem, type Problem } from '@/lib/api/problem'
import { money } from '@/lib/format'
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
    return <aside><Callout tone="neutral" title={t.decided}>{t.decidedText(a.state[application.state])}</Callout></aside>
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

type Choice = Decision['outcome'] | 'clarify'

function Panel({ opening, onward }: { opening: Opening; onward: () => void }) {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const client = useQueryClient()
  const toast = useToast()
  const { application } = opening
  const acts = useReviewActs(city.slug, application.id)
  const isVerifying = application.state === 'verifying'
  const [choice, setChoice] = useState<Choice>(isVerifying ? 'clarify' : 'approve')
  const [text, setText] = useState('')
  const [days, setDays] = useState(TERM_USUAL)
  const [wrong, setWrong] = useState<string>()
  const [problem, setProblem] = useState<Problem | null>(null)
  const decision = useOperation(`decision:${application.id}`, acts.decide)

  const done = async (message: string) => {
    toast(message)
    await client.invalidateQueries({ queryKey: ['application-queue-counts', city.slug] })
    onward()
    await acts.reload()
  }
  const decide = async (outcome: Decision['outcome'], reason: string) => {
    const end = await decision.run({ outcome, reason })
    if (end.phase === 'done') await done(end.result.state === 'waiting' ? t.waiting : end.result.state === 'approved' ? t.approved : t.declined)
    else if (end.phase === 'refused') await acts.reload()
  }
  const clarify = async () => {
    setProblem(null)
    try {
      await acts.clarify(text.trim(), Number(days))
      await done(t.returned)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    }
  }
  const press = () => {
    const isMissing = choice !== 'approve' && text.trim().length < 3
    setWrong(isMissing ? (choice === 'clarify' ? t.questionMissing : t.reasonMissing) : undefined)
    if (isMissing) return
    void (choice === 'clarify' ? clarify() : decide(choice, choice === 'decline' ? text.trim() : ''))
  }
  const choose = (next: Choice) => {
    setChoice(next)
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
      {choice === 'clarify' && <Textarea label={t.question} hint={t.questionHint} name="question" error={wrong} rows={4} maxLength={2000} value={text} onChange={event => setText(event.target.value)} />}
      {choice === 'clarify' && <Select label={t.term} name="days" options={TERMS.map(value => ({ value, label: t.termDays(Number(value)) }))} value={days} onChange={event => setDays(event.target.value)} />}
      {choice === 'decline' && <Textarea label={t.reason} hint={t.reasonHint} name="reason" error={wrong} rows={4} maxLength={2000} value={text} onChange={event => setText(event.target.value)} />}
      <OperationNotice operation={decision} />
      {problem && <ProblemCallout problem={problem} />}
      <Button look={choice === 'decline' ? 'danger' : 'primary'} size="l" wide busy={decision.isBusy} onClick={press}>{labels[choice]}</Button>
      {choice === 'approve' && <p className="small soft">{suffices ? t.approveText(application.amount_minor) : t.waitText}</p>}
    </div>
  )
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
