import './programmes.css'
import hourglass from '~icon/hourglass-split'
import wallet from '~icon/wallet2'
import ticket from '~icon/ticket-perforated'
import { Link } from 'wouter'
import type { ReactNode } from 'react'
import { date } from '@/lib/format'
import { localised, useLanguage, useTexts, type Localised } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { StateTag } from '@/ui/ProgrammeState'
import { Status, type Tone } from '@/ui/Tag'
import type { Condition, Programme, Rules } from './calls'
import { programmeTexts } from './texts'

/** A programme's own text; Czech is marked where there is no English. */
export function Own({ of }: { of: Localised }) {
  const said = localised(of, useLanguage())
  return <span lang={said.lang}>{said.text}</span>
}

export const ownText = (of: Localised) => localised(of).text

/** „Kredit 800 Kč", „4 vouchery po 200 Kč". */
export function useAmountWords(rules: Rules): string {
  const t = useTexts(programmeTexts)
  const parts = rules.denominations_minor
  const total = parts.reduce((sum, part) => sum + part, 0)
  if (rules.mode === 'credit') return t.credit(total)
  if (parts.length === 1) return t.voucher(total)
  return parts.every(part => part === parts[0]) ? t.vouchers(parts.length, parts[0]!) : t.vouchersMixed(parts.length, total)
}

/** Until when, in the one sentence that matters in this state. */
export function useWindow(programme: Programme): string {
  const t = useTexts(programmeTexts)
  const { applications_from, applications_to } = programme.rules
  if (programme.state === 'scheduled' || programme.state === 'draft') return t.since(date(applications_from))
  if (programme.takes_applications || programme.state === 'exhausted' || programme.state === 'paused') return t.until(date(applications_to))
  return t.ended(date(applications_to))
}

interface ProgrammeCardProps {
  programme: Programme
  /** Leave out for a picture of the card that leads nowhere. */
  href?: string
  /** How it stands for the one who looks. */
  note?: ReactNode
}

export function ProgrammeCard({ programme, href, note }: ProgrammeCardProps) {
  const t = useTexts(programmeTexts)
  const amount = useAmountWords(programme.rules)
  const until = useWindow(programme)
  return (
    <li className="card programme-card" data-ended={['closed', 'spending_only'].includes(programme.state) || undefined}>
      <div className="split programme-card-head">
        <span className="small soft">{t.topic[programme.rules.topic]}</span>
        <StateTag state={programme.state} />
      </div>
      <h2 className="card-title">{href ? <Link href={href} className="cover-link"><Own of={programme.rules.name} /></Link> : <Own of={programme.rules.name} />}</h2>
      <p className="soft"><Own of={programme.rules.purpose} /></p>
      <p className="strong row gap-2"><Icon of={programme.rules.mode === 'credit' ? wallet : ticket} size={18} /> {amount}</p>
      {note}
      <p className="small soft programme-card-foot">
        {until}
        {programme.takes_applications && <> · <span className="nowrap">{t.free(programme.free_minor)}</span></>}
      </p>
    </li>
  )
}

const VERDICTS: Record<Condition['verdict'], Tone> = { met: 'success', not_met: 'error', pending: 'info', to_judge: 'warning' }

/** Conditions with how each stands and why. */
export function Conditions({ conditions }: { conditions: readonly Condition[] }) {
  const t = useTexts(programmeTexts)
  const language = useLanguage()
  return (
    <ul className="conditions">
      {conditions.map(condition => (
        <li key={condition.code}>
          <Status tone={VERDICTS[condition.verdict]} icon={condition.verdict === 'pending' ? hourglass : undefined}>{t.verdict[condition.verdict]}</Status>
          <span>{language === 'cs' ? localised(condition).text : condition.en}</span>
        </li>
      ))}
    </ul>
  )
}
