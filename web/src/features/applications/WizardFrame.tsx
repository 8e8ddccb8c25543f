import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import arrow from '~icon/arrow-right'
import { useCity } from '@/lib/city'
import { useTexts, type Localised } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { PageTitle } from '@/ui/Page'
import { StepBar, StepList, type Step } from '@/ui/Stepper'
import { Brand } from '@/ui/shells/parts'
import { ownText } from './parts'
import { wizardTexts } from './texts'

interface WizardFrameProps {
  programme: Localised
  /** From 0. */
  step: number
  /** The draft, once there is one: its steps can be walked through. */
  application?: string
  question: string
  hint?: ReactNode
  /** Sends the form of this step; the last one has a button of its own. */
  next?: { label: string; busy?: boolean; onClick: () => void }
  /** Beside the buttons: when the draft was saved. */
  state?: ReactNode
  /** Before the screen is left. */
  flush?: () => Promise<unknown>
  children: ReactNode
}

/** One question a screen: where in the wizard one is, the question, and the way on that stays below. */
export function WizardFrame({ programme, step, application, question, hint, next, state, flush, children }: WizardFrameProps) {
  const t = useTexts(wizardTexts)
  const city = useCity()
  const client = useQueryClient()
  const [, go] = useLocation()
  const steps: Step[] = t.steps.map((label, i) => ({ label, href: application && i > 0 && i < step ? `/zadosti/${application}/krok/${i + 1}` : undefined }))
  const bars = { steps, current: step, title: ownText(programme) }
  const leave = async () => {
    await flush?.()
    await client.invalidateQueries({ queryKey: ['applications', city.slug] })
    go(application ? `/zadosti/${application}` : '/zadosti')
  }
  return (
    <div className="wizard">
      <header className="wizard-top">
        <div className="container">
          <Brand city={city} line={ownText(programme)} />
          <Button look="quiet" onClick={() => void leave()}>{application ? t.leave : t.leaveEmpty}</Button>
        </div>
      </header>
      <div className="container wizard-main wizard-columns">
        <StepList {...bars} />
        <div className="wizard-body">
          <StepBar {...bars} />
          <div>
            <PageTitle>{question}</PageTitle>
            {hint && <p className="soft">{hint}</p>}
          </div>
          {children}
        </div>
      </div>
      <div className="wizard-bar">
        <div className="container">
          {next && <Button look="primary" size="l" iconEnd={arrow} busy={next.busy} onClick={next.onClick}>{next.label}</Button>}
          {application && step > 1 && <LinkButton href={`/zadosti/${application}/krok/${step}`}>{t.back}</LinkButton>}
          {state}
        </div>
      </div>
    </div>
  )
}
