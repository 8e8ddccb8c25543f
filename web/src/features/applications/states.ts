/** How the states of an application look: pure, so that each is tested. */
import check from '~icon/check-lg'
import clock from '~icon/clock'
import hourglass from '~icon/hourglass-split'
import pencil from '~icon/pencil'
import returned from '~icon/exclamation-triangle-fill'
import slash from '~icon/slash-circle'
import people from '~icon/people'
import type { Tone } from '@/ui/Tag'
import type { ApplicationState } from './calls'

export const LOOKS: Record<ApplicationState, { tone: Tone; icon: string }> = {
  draft: { tone: 'neutral', icon: pencil },
  submitted: { tone: 'info', icon: clock },
  verifying: { tone: 'info', icon: hourglass },
  in_review: { tone: 'info', icon: clock },
  returned: { tone: 'warning', icon: returned },
  waiting: { tone: 'info', icon: people },
  approved: { tone: 'success', icon: check },
  declined: { tone: 'neutral', icon: slash },
  withdrawn: { tone: 'neutral', icon: slash },
  lapsed: { tone: 'neutral', icon: slash },
}

export const CAN_WITHDRAW: readonly ApplicationState[] = ['submitted', 'verifying', 'in_review', 'returned', 'waiting']
