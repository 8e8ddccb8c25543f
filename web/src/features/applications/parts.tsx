import './applications.css'
import hourglass from '~icon/hourglass-split'
import file from '~icon/file-earmark-text'
import eye from '~icon/eye'
import inboxIn from '~icon/inbox'
import shield from '~icon/shield-check'
import chat from '~icon/chat-left-text'
import check from '~icon/check-lg'
import dash from '~icon/dash-lg'
import person from '~icon/person'
import type { ReactNode } from 'react'
import { dateTime, fileSize } from '@/lib/format'
import { localised, useLanguage, useTexts, type Localised } from '@/lib/texts'
import { useCity } from '@/lib/city'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { Status, Tag, type Tone } from '@/ui/Tag'
import { Timeline, type TimelineItem } from '@/ui/Timeline'
import { openDocument, type ApplicationState, type Condition, type DocumentShape, type HistoryLine } from './calls'
import { LOOKS } from './states'
import { applicationTexts } from './texts'

export function StateTag({ state }: { state: ApplicationState }) {
  const t = useTexts(applicationTexts)
  return <Tag {...LOOKS[state]}>{t.state[state]}</Tag>
}

/** A programme's own text; Czech is marked where there is no English. */
export function Own({ of }: { of: Localised }) {
  const said = localised(of, useLanguage())
  return <span lang={said.lang}>{said.text}</span>
}

export const ownText = (of: Localised) => localised(of).text

const VERDICTS: Record<Condition['verdict'], Tone> = { met: 'success', not_met: 'error', pending: 'info', to_judge: 'warning' }

export function Verdict({ condition }: { condition: Condition }) {
  const t = useTexts(applicationTexts)
  return (
    <Status tone={VERDICTS[condition.verdict]} icon={condition.verdict === 'pending' ? hourglass : undefined}>
      {t.verdict[condition.verdict]}
    </Status>
  )
}

export function conditionText(condition: Condition, language: string): string {
  return language === 'cs' ? localised(condition).text : condition.en
}

/** Conditions with how each stands and why; `narrow` puts the reason under the verdict. */
export function Conditions({ conditions, narrow }: { conditions: readonly Condition[]; narrow?: boolean }) {
  const language = useLanguage()
  return (
    <ul className="conditions" data-narrow={narrow || undefined}>
      {conditions.map(condition => (
        <li key={condition.code}>
          <Verdict condition={condition} />
          <span>{conditionText(condition, language)}</span>
        </li>
      ))}
    </ul>
  )
}

const EVENT_ICONS: Record<string, string> = {
  submitted: inboxIn, verified: shield, returned: chat, answered: chat, note: chat, approved: check, assigned: person, unassigned: person,
  declined: dash, decline_undone: inboxIn, withdrawn: dash, lapsed: dash, waiting: hourglass, reconsideration: inboxIn, handed_over: hourglass, topped_up: check,
}

interface HistoryProps<L extends HistoryLine> {
  lines: readonly L[]
  /** What a line has beside its text. */
  more?: (line: L) => ReactNode
}

export function History<L extends HistoryLine>({ lines, more }: HistoryProps<L>) {
  const t = useTexts(applicationTexts)
  const items: TimelineItem[] = lines.map(line => ({
    icon: EVENT_ICONS[line.what] ?? dash,
    tone: line.what === 'returned' ? 'warning' : line.what === 'approved' ? 'accent' : 'neutral',
    title: t.event[line.what] ?? line.what,
    meta: [dateTime(line.at), t.by[line.by] ?? line.by].filter(Boolean).join(' · '),
    body: (
      <>
        {line.text && line.what !== 'assigned' && <p className="history-text">{line.text}</p>}
        {more?.(line)}
      </>
    ),
  }))
  return <Timeline items={items} />
}

interface DocumentsProps {
  application: string
  documents: readonly (DocumentShape & { opened?: boolean })[]
  empty?: ReactNode
  /** Somebody opened one: the clerk's look is noted. */
  onOpened?: () => void
}

/** Files beside an application; each opens by an address that lives for minutes. */
export function Documents({ application, documents, empty, onOpened }: DocumentsProps) {
  const t = useTexts(applicationTexts)
  const city = useCity()
  if (documents.length === 0) return <p className="soft">{empty ?? t.noDocuments}</p>
  return (
    <ul className="stack gap-3">
      {documents.map(document => (
        <li key={document.id} className="document">
          <Icon of={file} size={20} className="soft" />
          <div className="grow">
            <p className="strong">{document.name}</p>
            <p className="small soft">{fileSize(document.bytes)} · {dateTime(document.added_at)}</p>
            {document.opened && <Status tone="success">{t.opened}</Status>}
          </div>
          <Button size="s" icon={eye} onClick={() => void openDocument(city.slug, application, document.id).then(url => { location.assign(url); onOpened?.() })}>{t.open}</Button>
        </li>
      ))}
    </ul>
  )
}
