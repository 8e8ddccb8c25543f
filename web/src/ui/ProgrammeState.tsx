/** The state of a programme: one word and one look in every app. */
import clock from '~icon/clock'
import hourglass from '~icon/hourglass-split'
import pause from '~icon/pause-circle'
import type { components } from '@/lib/api/schema'
import { texts, useTexts } from '@/lib/texts'
import { Status, Tag, type Tone } from './Tag'

export type ProgrammeState = components['schemas']['ProgrammeShape']['state']

export const programmeStates = texts({
  cs: {
    draft: 'Koncept', scheduled: 'Připravujeme', open: 'Přijímá žádosti', exhausted: 'Vyčerpáno', paused: 'Pozastaveno',
    spending_only: 'Příjem skončil', closed: 'Ukončeno', archived: 'Archiv',
  },
  en: {
    draft: 'Draft', scheduled: 'Coming', open: 'Takes applications', exhausted: 'Used up', paused: 'Paused',
    spending_only: 'Applications ended', closed: 'Ended', archived: 'Archive',
  },
} satisfies { cs: Record<ProgrammeState, string>; en: Record<ProgrammeState, string> })

const TONES: Record<ProgrammeState, Tone> = {
  draft: 'neutral', scheduled: 'info', open: 'success', exhausted: 'warning', paused: 'neutral', spending_only: 'neutral', closed: 'neutral', archived: 'neutral',
}
const ICONS: Partial<Record<ProgrammeState, string>> = { scheduled: clock, paused: pause, exhausted: hourglass }

export function StateTag({ state, plain }: { state: ProgrammeState; plain?: boolean }) {
  const t = useTexts(programmeStates)
  const As = plain ? Status : Tag
  return <As tone={TONES[state]} icon={ICONS[state]}>{t[state]}</As>
}
