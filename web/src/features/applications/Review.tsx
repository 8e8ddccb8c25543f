import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import { useLocation, useParams, useSearchParams } from 'wouter'
import left from '~icon/chevron-left'
import right from '~icon/chevron-right'
import plus from '~icon/plus-lg'
import { useCity } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { age, ageOn, date, dateTime, deadline, money } from '@/lib/format'
import { rolesIn, useSession } from '@/lib/session'
import { useLanguage, useTexts } from '@/lib/texts'
import { Button, IconButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card, Facts } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { useKeys } from '@/ui/DecisionPanel'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Breadcrumbs, Page } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { Loaded, Skeleton } from '@/ui/Waiting'
import { queueQuery, reviewQuery, useReviewActs, type Condition, type Opening, type View } from './calls'
import { DecisionSide } from './Decision'
import { Documents, History, StateTag, Verdict, conditionText, ownText } from './parts'
import { reviewTexts } from './review.texts'
import { applicationTexts } from './texts'
import { Awards } from './TopUp'

const IN_ORDER_MAX = 100
const TEXT_MAX = 2000

/** One application in front of the clerk: what to judge, by what, and the decision beside it. */
export default function Review() {
  const city = useCity()
  const { id = '' } = useParams()
  const query = useQuery({ ...reviewQuery(city.slug, id), staleTime: 0 })
  return <Loaded screen query={query} waiting={<Skeleton lines={10} />}>{opening => <Opened key={id} opening={opening} />}</Loaded>
}

/** The neighbours in the view that one came from. */
function useOrder(id: string) {
  const city = useCity()
  const [, go] = useLocation()
  const [params] = useSearchParams()
  const view = params.get('view') as View | null
  const list = useQuery({ ...queueQuery(city.slug, { view: view ?? 'to_decide', limit: IN_ORDER_MAX }), enabled: view !== null })
  const ids = view ? (list.data?.items.map(row => row.id) ?? []) : []
  const at = ids.indexOf(id)
  const to = (target: string | undefined) => target && go(`/zadosti/${target}?view=${view}`)
  return {
    at,
    of: list.data?.count ?? ids.length,
    previous: at > 0 ? () => to(ids[at - 1]) : undefined,
    next: at >= 0 && at < ids.length - 1 ? () => to(ids[at + 1]) : undefined,
    /** After a decision this one leaves the view, so the one after it is known beforehand. */
    onward: () => (ids[at + 1] ? to(ids[at + 1]) : go(view ? `/zadosti?view=${view}` : '/zadosti')),
  }
}

function Opened({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const { application } = opening
  const order = useOrder(application.id)
  const keys = useMemo(() => ({ ...(order.next && { j: order.next }), ...(order.previous && { k: order.previous }) }), [order.next, order.previous])
  useKeys(keys)
  const city = useCity()
  const { session } = useSession()
  const isReviewer = rolesIn(session, city.slug).some(role => role === 'clerk' || role === 'programme_owner')
  const name = `${application.stated.given_names} ${application.stated.surname}`
  const applicant = application.for_self ? t.self : t.applicant(application.applicant_name)
  const lead = [
    application.received_at && t.lead(ownText(application.programme_name), applicant, dateTime(application.received_at)),
    application.decide_by && t.decideBy(deadline(application.decide_by)),
  ]
  return (
    <Page
      heading={`${name}, ${age(ageOn(application.stated.birth_date))}`}
      tag={<StateTag state={application.state} />}
      lead={lead.filter(Boolean).join(' · ')}
      above={
        <div className="review-head">
          <Breadcrumbs crumbs={[{ label: t.heading, href: '/zadosti' }, { label: application.number }]} />
          {order.at >= 0 && (
            <div className="review-nav">
              <span className="small soft">{t.position(order.at + 1, order.of)}</span>
              <IconButton icon={left} label={t.previous} disabled={!order.previous} onClick={order.previous} />
              <IconButton icon={right} label={t.next} disabled={!order.next} onClick={order.next} />
            </div>
          )}
        </div>
      }
    >
      <div className="with-aside">
        <div className="stack gap-5">
          <ToJudge opening={opening} />
          {opening.awards.length > 0 && <Awards opening={opening} mayAdd={isReviewer && !opening.conflict} />}
          <ConditionsTable conditions={opening.conditions} />
          {opening.differences.length > 0 && <Registry opening={opening} />}
          <AnswersCard opening={opening} />
          <HistoryCard opening={opening} />
        </div>
        <DecisionSide opening={opening} onward={order.onward} hasKeys={order.at >= 0} />
      </div>
    </Page>
  )
}

function ToJudge({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const language = useLanguage()
  const open = opening.conditions.filter(condition => ['not_met', 'to_judge'].includes(condition.verdict) && condition.code !== 'window')
  const differing = opening.differences.filter(difference => difference.differs)
  const count = open.length + differing.length
  if (count === 0) return null
  const lines = [...open.map(condition => conditionText(condition, language)), ...differing.map(difference => `${t.field[difference.field]}: ${t.differs}`)]
  return <Callout tone="warning" title={t.toJudge(count)}><ul>{lines.map(line => <li key={line}>{line}</li>)}</ul></Callout>
}

const settled = <T,>(items: readonly T[]) => ({ data: { items }, error: null, refetch: () => undefined })

function ConditionsTable({ conditions }: { conditions: readonly Condition[] }) {
  const t = useTexts(reviewTexts)
  const language = useLanguage()
  const met = conditions.filter(condition => condition.verdict === 'met').length
  const columns: Column<Condition>[] = [
    { key: 'name', head: t.condition, phone: 'title', cell: one => <span className="strong">{t.conditionName[one.code] ?? one.code}</span> },
    { key: 'found', head: t.found, phone: 'plain', cell: one => conditionText(one, language) },
    { key: 'proof', head: t.proof, cell: one => t.proofs[one.proof] },
    { key: 'outcome', head: t.outcome, phone: 'aside', cell: one => <Verdict condition={one} /> },
  ]
  return (
    <Card title={t.conditions} level={2} flush aside={<span className="small soft">{t.conditionsSum(met, conditions.length - met)}</span>}>
      <DataTable caption={t.conditions} list={settled(conditions)} columns={columns} rowKey={one => one.code} empty={null} />
    </Card>
  )
}

type Difference = Opening['differences'][number]
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

function Registry({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const shown = (field: Difference['field'], text: string) => (field === 'birth_date' && text ? date(text) : text)
  const columns: Column<Difference>[] = [
    { key: 'field', head: t.datum, phone: 'title', cell: one => t.field[one.field] },
    { key: 'stated', head: t.stated, cell: one => shown(one.field, one.stated) },
    {
      key: 'registry',
      head: t.inRegistry,
      cell: one => (one.registry ? <span className={one.differs ? 'registry-differs' : undefined}>{shown(one.field, one.registry)}</span> : <span className="soft">{t.untold}</span>),
    },
    { key: 'match', head: t.match, phone: 'aside', cell: one => <Match one={one} /> },
  ]
  return (
    <Card title={t.registry} level={2} flush aside={opening.checked_at && <span className="small soft">{t.checkedAt(dateTime(opening.checked_at))}</span>}>
      <DataTable caption={t.registry} list={settled(opening.differences)} columns={columns} rowKey={one => one.field} empty={null} />
    </Card>
  )
}

function Match({ one }: { one: Difference }) {
  const t = useTexts(reviewTexts)
  if (one.differs) return <Status tone="warning">{t.differs}</Status>
  const isSpelling = one.registry !== '' && one.registry !== one.stated && plain(one.registry) === plain(one.stated)
  return <Status tone="success">{isSpelling ? t.spelling : t.same}</Status>
}

function AnswersCard({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const { application, documents, rules } = opening
  const acts = useReviewActs(useCity().slug, application.id)
  const { answers } = application
  const facts = [
    ...(answers.activity ? [{ label: t.activity, value: answers.activity }] : []),
    ...(answers.price_minor !== null ? [{ label: t.price, value: money(answers.price_minor) }] : []),
    ...(answers.note ? [{ label: t.note, value: answers.note }] : []),
    ...(rules.who.one_per_household ? [{ label: t.household, value: answers.only_of_household ? t.yes : t.no }] : []),
  ]
  return (
    <Card title={t.answers} level={2}>
      <div className="stack">
        <Documents application={application.id} documents={documents} onOpened={() => void acts.reload()} />
        {facts.length > 0 && <Facts facts={facts} />}
      </div>
    </Card>
  )
}

function HistoryCard({ opening }: { opening: Opening }) {
  const t = useTexts(reviewTexts)
  const city = useCity()
  const [adds, setAdds] = useState(false)
  const acts = useReviewActs(city.slug, opening.application.id)
  const schema = useMemo(() => v.object({ text: filled(t.noteMissing, TEXT_MAX) }), [t])
  const form = useForm({
    schema,
    defaults: { text: '' },
    send: async ({ text }) => {
      await acts.note(text)
      form.setValue('text', '')
      setAdds(false)
    },
  })
  return (
    <Card title={t.history} level={2} aside={!adds && <Button look="quiet" size="s" icon={plus} onClick={() => setAdds(true)}>{t.addNote}</Button>}>
      <div className="stack">
        {adds && (
          <Form form={form}>
            <Textarea label={t.noteLabel} hint={t.noteHint} rows={3} {...form.field('text')} />
            <div className="buttons"><Button submit busy={form.isBusy}>{t.saveNote}</Button></div>
          </Form>
        )}
        <History lines={opening.history} more={line => line.figures && <Figures figures={line.figures} />} />
      </div>
    </Card>
  )
}

/** What a decision stood on, as it was at that moment. */
function Figures({ figures }: { figures: NonNullable<Opening['history'][number]['figures']> }) {
  const t = useTexts(reviewTexts)
  const a = useTexts(applicationTexts)
  const judged = figures.conditions.map(one => ({
    label: t.conditionName[one.code] ?? one.code,
    value: one.holds === null ? a.verdict[one.verdict] : one.holds ? t.holds : t.holdsNot,
  }))
  return (
    <details className="small">
      <summary>{t.figuresAt}</summary>
      <Facts
        facts={[
          { label: t.asked, value: money(figures.amount_minor) },
          { label: t.freeBefore, value: money(figures.free_before_minor) },
          { label: t.freeAfter, value: money(figures.free_after_minor) },
          { label: t.ageThen, value: age(figures.age) },
          { label: t.rulesThen, value: String(figures.rules_version) },
          ...judged,
        ]}
      />
    </details>
  )
}
