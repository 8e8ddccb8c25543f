import './form.css'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
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
  return (
    <form noValidate className={wide ? 'form-body' : 'form-body form'} onSubmit={event => void form.submit(event)} aria-busy={form.isBusy || undefined}>
      <ErrorSummary errors={form.errors} focusOn={form.attempts} />
      {form.problem && <ProblemCallout problem={form.problem} />}
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
          {errors.map(error => <li key={error.name}><Mend {...error} /></li>)}
        </ul>
      </div>
    </div>
  )
}

/** One thing to mend: the field by its label, and a way to it. */
function Mend({ name, message }: FormError) {
  const [label, setLabel] = useState('')
  useLayoutEffect(() => setLabel(labelOf(name)), [name])
  return <a href={`#${fieldId(name)}`} onClick={event => leadTo(event, name)}>{label ? `${label}: ${message}` : message}</a>
}

/** The control of a field, or of the group that it is a part of. */
function controlOf(name: string): HTMLElement | null {
  const parent = name.slice(0, Math.max(name.lastIndexOf('.'), 0))
  return document.getElementById(fieldId(name)) ?? (parent ? controlOf(parent) : null)
}

function labelOf(name: string): string {
  const control = controlOf(name)
  const label = control?.matches('fieldset') ? control.querySelector('legend') : control && document.querySelector(`label[for="${control.id}"]`)
  const words = [...(label?.childNodes ?? [])].filter(node => !(node instanceof Element && node.matches('.field-optional')))
  return words.map(node => node.textContent).join('').trim()
}

function leadTo(event: { preventDefault: () => void }, name: string): void {
  const control = controlOf(name)
  if (!control) return
  event.preventDefault()
  const target = control.matches('fieldset') ? (control.querySelector<HTMLElement>('input:not(:disabled), select, textarea') ?? control) : control
  control.closest('.field')?.scrollIntoView({ block: 'start' })
  target.focus({ preventScroll: true })
}
