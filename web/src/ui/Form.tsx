import './form.css'
import { useEffect, useRef, type ReactNode } from 'react'
import alert from '~icon/exclamation-circle-fill'
import { fieldId } from '@/lib/fieldId'
import type { AppForm, FormError } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Icon } from './Icon'
import { uiTexts } from './texts'
import { ProblemCallout } from './Waiting'

interface FormProps {
  form: AppForm
  /** Tight for dialogs, wide for editors; otherwise as wide as one reads well. */
  wide?: boolean
  children: ReactNode
}

/** A form with its summary of what to mend. Buttons are the last child. */
export function Form({ form, wide, children }: FormProps) {
  const refusedFields = form.errors.length > 0
  return (
    <form noValidate className={wide ? 'form-body' : 'form-body form'} onSubmit={event => void form.submit(event)} aria-busy={form.isBusy || undefined}>
      <ErrorSummary errors={form.errors} focusOn={form.submitCount} />
      {form.problem && !refusedFields && <ProblemCallout problem={form.problem} />}
      {children}
    </form>
  )
}

interface ErrorSummaryProps {
  errors: readonly FormError[]
  /** Takes the focus each time this grows and there is something to mend. */
  focusOn: number
}

export function ErrorSummary({ errors, focusOn }: ErrorSummaryProps) {
  const ref = useRef<HTMLDivElement>(null)
  const t = useTexts(uiTexts)
  const hasErrors = errors.length > 0
  useEffect(() => {
    if (hasErrors && focusOn > 0) ref.current?.focus()
  }, [focusOn, hasErrors])
  if (!hasErrors) return null
  return (
    <div ref={ref} tabIndex={-1} className="callout error-summary" data-tone="error" role="alert" aria-labelledby="error-summary">
      <Icon of={alert} />
      <div className="callout-body">
        <h2 id="error-summary">{t.toMend(errors.length)}</h2>
        <ul>
          {errors.map(({ name, message }) => (
            <li key={name}>
              <a href={`#${fieldId(name)}`} onClick={event => leadTo(event, name)}>{message}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function leadTo(event: { preventDefault: () => void }, name: string): void {
  const control = document.getElementById(fieldId(name))
  if (!control) return
  event.preventDefault()
  const target = control.matches('fieldset') ? (control.querySelector<HTMLElement>('input:not(:disabled), select, textarea') ?? control) : control
  control.closest('.field')?.scrollIntoView({ block: 'start' })
  target.focus({ preventScroll: true })
}
