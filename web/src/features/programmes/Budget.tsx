import { useMemo, useState } from 'react'
import * as v from 'valibot'
import onward from '~icon/arrow-right'
import dash from '~icon/dash-lg'
import plus from '~icon/plus-lg'
import { useCity } from '@/lib/city'
import { filled, typedMoney, useForm } from '@/lib/form'
import { dateTime, money, moneyChange } from '@/lib/format'
import { useOperation } from '@/lib/operation'
import { rolesIn, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Input, MoneyInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { OperationNotice } from '@/ui/OperationNotice'
import { Status, Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { useProgrammeActs, type BudgetChange, type ProgrammeForStaff, type SignsAs } from './calls'
import { editorTexts } from './editor.texts'

interface BudgetCardProps {
  programme: ProgrammeForStaff
  mayPropose: boolean
}

type Effect = BudgetChange['effect']

/** The money of a programme: what is proposed and signed, to raise it, to cut it, and to carry its rest over the year. */
export function BudgetCard({ programme, mayPropose }: BudgetCardProps) {
  const t = useTexts(editorTexts)
  const [proposes, setProposes] = useState<Effect | null>(null)
  const hasMoney = programme.total_minor > 0
  const titles = { raise: hasMoney ? t.proposeMore : t.propose, cut: t.cut, carry_over: t.carryOver }
  const close = () => setProposes(null)
  return (
    <Card
      title={t.budget}
      level={2}
      aside={mayPropose && <Button size="s" icon={plus} onClick={() => setProposes('raise')}>{programme.budget_changes.length > 0 ? t.proposeMore : t.propose}</Button>}
    >
      <div className="stack">
        <p>{hasMoney ? `${t.budgetState(programme.free_minor, programme.total_minor)}. ${t.year(programme.budget_year)} ${t.unpaid(programme.rest_minor)}` : t.noBudget}</p>
        {programme.budget_changes.length > 0 && (
          <ul className="stack gap-4">
            {programme.budget_changes.map(change => <Change key={change.id} programme={programme.id} change={change} />)}
          </ul>
        )}
        <p className="small soft">{t.never}</p>
        {mayPropose && hasMoney && (
          <div className="buttons">
            {programme.free_minor > 0 && <Button size="s" icon={dash} onClick={() => setProposes('cut')}>{t.cut}</Button>}
            {programme.may_carry_over && <Button size="s" icon={onward} onClick={() => setProposes('carry_over')}>{t.carryOver}</Button>}
          </div>
        )}
      </div>
      <Dialog open={proposes !== null} onClose={close} title={titles[proposes ?? 'raise']}>
        {proposes === 'carry_over' ? <ProposeCarryOver programme={programme} done={close} /> : <Propose key={proposes} programme={programme} effect={proposes ?? 'raise'} done={close} />}
      </Dialog>
    </Card>
  )
}

function Propose({ programme, effect, done }: { programme: ProgrammeForStaff; effect: 'raise' | 'cut'; done: () => void }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const { propose } = useProgrammeActs(city.slug, programme.id)
  const schema = useMemo(() => v.object({ amount: v.pipe(typedMoney(t.amountWrong), v.minValue(1, t.amountWrong)), reason: filled(t.missing) }), [t])
  const form = useForm({
    schema,
    defaults: { amount: '', reason: '' },
    apiNames: { amount_minor: 'amount' },
    send: async ({ amount, reason }) => {
      await propose(effect, amount, reason)
      toast(t.proposed)
      done()
    },
  })
  return (
    <Form form={form}>
      <MoneyInput label={t.proposeAmount} hint={effect === 'cut' && t.cutHint(programme.free_minor)} {...form.field('amount')} />
      <Input label={t.proposeReason} hint={t.proposeReasonHint} {...form.field('reason')} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.send}</Button></div>
    </Form>
  )
}

function ProposeCarryOver({ programme, done }: { programme: ProgrammeForStaff; done: () => void }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const { carryOver } = useProgrammeActs(city.slug, programme.id)
  const schema = useMemo(() => v.object({ reason: filled(t.missing) }), [t])
  const form = useForm({
    schema,
    defaults: { reason: '' },
    send: async ({ reason }) => {
      await carryOver(reason)
      toast(t.proposed)
      done()
    },
  })
  return (
    <Form form={form}>
      <p>{t.carryOverText(programme.rest_minor, programme.budget_year)}</p>
      <Input label={t.proposeReason} hint={t.proposeReasonHint} {...form.field('reason')} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.send}</Button></div>
    </Form>
  )
}

const SIGNERS: readonly SignsAs[] = ['authorising_officer', 'budget_officer']

const amountOf = ({ effect, amount_minor, from_year }: BudgetChange, t: typeof editorTexts.cs) =>
  effect === 'raise' ? money(amount_minor) : effect === 'cut' ? moneyChange(-amount_minor) : `${t.carryOverOf(from_year)}: ${money(amount_minor)}`

function Change({ programme, change }: { programme: string; change: BudgetChange }) {
  const t = useTexts(editorTexts)
  return (
    <li className="budget-line">
      <div className="split">
        <span><span className="strong">{amountOf(change, t)}</span> <span className="soft">· {change.reason} · {change.proposed_by}</span></span>
        <Tag tone={change.effective_at ? 'success' : 'warning'}>{change.effective_at ? t.effective : t.waits}</Tag>
      </div>
      <div className="grid grid-2">
        {SIGNERS.map(signsAs => <Signature key={signsAs} programme={programme} change={change} signsAs={signsAs} />)}
      </div>
    </li>
  )
}

function Signature({ programme, change, signsAs }: { programme: string; change: BudgetChange; signsAs: SignsAs }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const { session } = useSession()
  const acts = useProgrammeActs(city.slug, programme)
  const signing = useOperation(`sign:${change.id}:${signsAs}`, (amount: number, header) => acts.sign(change.id, signsAs, amount, header))
  const made = change[signsAs]
  const other = change[signsAs === 'budget_officer' ? 'authorising_officer' : 'budget_officer']
  const maySign = !made && rolesIn(session, city.slug).includes(signsAs) && other?.person !== session?.person.id
  const sign = async () => {
    const end = await signing.run(change.amount_minor)
    if (end.phase === 'done') toast(t.signed)
  }
  return (
    <div className="stack gap-2">
      <p className="small"><span className="soft">{t[signsAs]}:</span> {made ? <Status tone="success">{t.signedAt(made.name, dateTime(made.at))}</Status> : <span>{t.unsigned}</span>}</p>
      {maySign && <div><Button look="primary" size="s" busy={signing.isBusy} onClick={() => void sign()}>{t.sign[change.effect](change.amount_minor, t[signsAs])}</Button></div>}
      <OperationNotice operation={signing} />
    </div>
  )
}
