import './stepper.css'
import check from '~icon/check-lg'
import { Link } from 'wouter'
import { useTexts } from '@/lib/texts'
import { Icon } from './Icon'
import { uiTexts } from './texts'

export interface Step {
  label: string
  /** A finished step can be gone back to. */
  href?: string
}

interface StepperProps {
  steps: readonly Step[]
  /** From 0. */
  current: number
  /** What is being filled in, above the bars. */
  title?: string
}

/** Bars and „Krok 1 z 5: Pro koho": above the question. */
export function StepBar({ steps, current, title }: StepperProps) {
  const t = useTexts(uiTexts)
  return (
    <div className="step-bar">
      {title && <p className="small soft">{title}</p>}
      <div className="step-bars" aria-hidden="true">
        {steps.map((step, i) => <span key={step.label} data-state={i < current ? 'done' : i === current ? 'current' : undefined} />)}
      </div>
      <p className="small"><span className="strong">{t.step(current + 1, steps.length)}:</span> {steps[current]?.label}</p>
    </div>
  )
}

/** The list of steps beside the question, on a desktop. */
export function StepList({ steps, current, title }: StepperProps) {
  const t = useTexts(uiTexts)
  return (
    <nav className="step-list" aria-label={title}>
      {title && <p className="strong">{title}</p>}
      <ol>
        {steps.map((step, i) => (
          <li key={step.label} aria-current={i === current ? 'step' : undefined} data-done={i < current || undefined}>
            <span className="step-number" aria-hidden="true">{i < current ? <Icon of={check} size={14} /> : i + 1}</span>
            {step.href && i !== current ? <Link href={step.href}>{step.label}</Link> : <span>{step.label}</span>}
            {i < current && <span className="visually-hidden">({t.done})</span>}
          </li>
        ))}
      </ol>
    </nav>
  )
}
