import './field.css'
import { useId, useState, type ComponentProps, type ReactNode, type Ref } from 'react'
import alert from '~icon/exclamation-circle-fill'
import chevron from '~icon/chevron-down'
import eye from '~icon/eye'
import eyeSlash from '~icon/eye-slash'
import { fieldId } from '@/lib/fieldId'
import { useTexts } from '@/lib/texts'
import { Icon } from './Icon'
import { uiTexts } from './texts'

/** What every field has: a label, a hint, a message about what to mend. */
export interface FieldLook {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  /** Required is the default; this says „nepovinné". */
  optional?: boolean
  /** For tables and search: the label is there, but not seen. */
  hideLabel?: boolean
}

export interface Control {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

interface FieldProps extends FieldLook {
  name?: string | undefined
  children: (control: Control) => ReactNode
}

/** Label, hint and message tied to any control: `<Field label="…">{control => <input {...control} />}</Field>` */
export function Field({ label, hint, error, optional, hideLabel, name, children }: FieldProps) {
  const made = useId()
  const id = name ? fieldId(name) : made
  const t = useTexts(uiTexts)
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className="field" data-invalid={error ? true : undefined}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : 'gov-form-label__label field-label'}>
        {label} {optional && <span className="soft field-optional">({t.optional})</span>}
      </label>
      {hint && <div id={`${id}-hint`} className="small soft">{hint}</div>}
      {error && <FieldMessage id={`${id}-error`}>{error}</FieldMessage>}
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
    </div>
  )
}

function FieldMessage({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div id={id} className="gov-form-message field-message" data-color="error">
      <Icon of={alert} size={18} />
      <span>{children}</span>
    </div>
  )
}

interface FieldsetProps extends Omit<FieldLook, 'label' | 'hideLabel'> {
  legend: ReactNode
  name?: string | undefined
  /** The legend is the screen's question and looks like a heading. */
  big?: boolean
  children: ReactNode
}

/** A named group of controls. */
export function Fieldset({ legend, hint, error, optional, name, big, children }: FieldsetProps) {
  const made = useId()
  const id = name ? fieldId(name) : made
  const t = useTexts(uiTexts)
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <fieldset id={id} tabIndex={-1} className="field" data-invalid={error ? true : undefined} aria-describedby={describedBy}>
      <legend className={big ? 'field-legend-big' : 'field-label'}>
        {legend} {optional && <span className="soft field-optional">({t.optional})</span>}
      </legend>
      {hint && <div id={`${id}-hint`} className="small soft">{hint}</div>}
      {error && <FieldMessage id={`${id}-error`}>{error}</FieldMessage>}
      {children}
    </fieldset>
  )
}

export interface InputProps extends FieldLook, Omit<ComponentProps<'input'>, 'size' | 'prefix'> {
  icon?: string
  suffix?: ReactNode
  /** Characters expected: the box is as wide. */
  chars?: number
}

/** `<Input label="E-mail" type="email" autoComplete="email" {...form.field('email')} />` */
export function Input({ label, hint, error, optional, hideLabel, icon, suffix, chars, ...input }: InputProps) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel }} name={input.name}>
      {control => (
        <div className="gov-form-input" data-size="m" data-chars={chars ? Math.min(chars <= 4 ? 4 : chars <= 10 ? 10 : 20, 20) : undefined}>
          <div className="element" data-invalid={error ? true : undefined}>
            {icon && <Icon of={icon} size={18} />}
            <input type="text" {...input} {...control} aria-required={optional ? undefined : true} />
            {suffix && <span className="soft">{suffix}</span>}
          </div>
        </div>
      )}
    </Field>
  )
}

export function PasswordInput({ label, hint, error, optional, hideLabel, ...input }: Omit<InputProps, 'type' | 'icon' | 'suffix'>) {
  const [shown, setShown] = useState(false)
  const t = useTexts(uiTexts)
  return (
    <Field {...{ label, hint, error, optional, hideLabel }} name={input.name}>
      {control => (
        <div className="gov-form-input" data-size="m">
          <div className="element" data-invalid={error ? true : undefined}>
            <input {...input} {...control} aria-required type={shown ? 'text' : 'password'} />
            <button type="button" className="icon-button" aria-label={shown ? t.hidePassword : t.showPassword} onClick={() => setShown(!shown)}>
              <Icon of={shown ? eyeSlash : eye} />
            </button>
          </div>
        </div>
      )}
    </Field>
  )
}

export function Textarea({ label, hint, error, optional, hideLabel, rows = 4, ...textarea }: FieldLook & ComponentProps<'textarea'>) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel }} name={textarea.name}>
      {control => (
        <div className="gov-form-input" data-size="m">
          <div className="element" data-invalid={error ? true : undefined}>
            <textarea {...textarea} {...control} rows={rows} aria-required={optional ? undefined : true} />
          </div>
        </div>
      )}
    </Field>
  )
}

export interface Option {
  value: string
  label: string
}

/** `<Select label="Důvod" options={[{value: '', label: 'Vyberte'}, …]} {...form.field('reason')} />` */
export function Select({ label, hint, error, optional, hideLabel, options, ...select }: FieldLook & ComponentProps<'select'> & { options: readonly Option[] }) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel }} name={select.name}>
      {control => (
        <div className="gov-form-select" data-size="m">
          <select {...select} {...control} data-invalid={error ? true : undefined}>
            {options.map(({ value, label: text }) => <option key={value} value={value}>{text}</option>)}
          </select>
          <Icon of={chevron} size={16} className="select-arrow" />
        </div>
      )}
    </Field>
  )
}

interface TickProps extends Omit<ComponentProps<'input'>, 'type'> {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
}

export function Checkbox({ label, hint, error, ...input }: TickProps) {
  return <Tick {...input} {...{ label, hint, error }} type="checkbox" />
}

function Tick({ label, hint, error, type, ...input }: TickProps & { type: 'checkbox' | 'radio' }) {
  const made = useId()
  const id = type === 'checkbox' && input.name && input.value === undefined ? fieldId(input.name) : made
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className="tick">
      {error && <FieldMessage id={`${id}-error`}>{error}</FieldMessage>}
      <div className="tick-line">
        <input {...input} id={id} type={type} className="tick-box" aria-describedby={describedBy} aria-invalid={error ? true : undefined} />
        <label htmlFor={id}>{label}</label>
      </div>
      {hint && <div id={`${id}-hint`} className="small soft tick-hint">{hint}</div>}
    </div>
  )
}

interface ChoiceGroupProps extends ComponentProps<'input'> {
  legend: ReactNode
  hint?: ReactNode
  error?: string | undefined
  optional?: boolean
  big?: boolean
}

export interface Choice {
  value: string
  label: ReactNode
  hint?: ReactNode
}

/** `<RadioGroup legend="Jak dostat voucher" choices={[…]} {...form.field('way')} />` */
export function RadioGroup({ legend, hint, error, optional, big, choices, chosen, ...input }: ChoiceGroupProps & { choices: readonly Choice[]; /** Outside of a form: the value that is chosen. */ chosen?: string }) {
  const isChosen = (value: string) => (chosen === undefined ? {} : { checked: value === chosen })
  return (
    <Fieldset {...{ legend, hint, error, optional, big }} name={input.name}>
      <div className="choices">
        {choices.map(choice => <Tick key={choice.value} {...input} {...isChosen(choice.value)} type="radio" value={choice.value} label={choice.label} hint={choice.hint} />)}
      </div>
    </Fieldset>
  )
}

export interface CardChoice {
  value: string
  title: ReactNode
  meta?: ReactNode
  tag?: ReactNode
  /** More under the line: what it means. */
  note?: ReactNode
  /** Cannot be chosen, and why. */
  disabledBecause?: ReactNode
}

/** Choice by cards: radio, or checkbox with `many`. A card that cannot be chosen says why. */
export function ChoiceCards({ legend, hint, error, optional, big, many, choices, ...input }: ChoiceGroupProps & { many?: boolean; choices: readonly CardChoice[] }) {
  return (
    <Fieldset {...{ legend, hint, error, optional, big }} name={input.name}>
      <div className="choice-cards">
        {choices.map(choice => <ChoiceCard key={choice.value} {...input} type={many ? 'checkbox' : 'radio'} choice={choice} />)}
      </div>
    </Fieldset>
  )
}

function ChoiceCard({ choice, ...input }: ComponentProps<'input'> & { choice: CardChoice }) {
  const id = useId()
  const about = choice.disabledBecause ?? choice.note
  return (
    <div className="choice-card" data-disabled={choice.disabledBecause ? true : undefined}>
      <input {...input} id={id} className="tick-box" value={choice.value} disabled={Boolean(choice.disabledBecause)} aria-describedby={`${id}-more`} />
      <div className="choice-card-body">
        <div className="choice-card-head">
          <label htmlFor={id} className="strong">{choice.title}</label>
          {choice.tag}
        </div>
        <div id={`${id}-more`} className="small">
          {choice.meta && <div className="soft">{choice.meta}</div>}
          {about && <div>{about}</div>}
        </div>
      </div>
    </div>
  )
}

/** An amount in crowns as people write it; the schema turns it to haléře by `typedMoney`. */
export function MoneyInput(props: Omit<InputProps, 'suffix' | 'icon' | 'inputMode' | 'type'>) {
  return <Input chars={10} {...props} inputMode="decimal" autoComplete="off" suffix="Kč" />
}

/** A near day, with the browser's own calendar; far days and births are typed in `BirthDateInput`. */
export function DateInput(props: Omit<InputProps, 'type' | 'icon' | 'suffix'>) {
  return <Input chars={20} {...props} type="date" />
}

interface BirthDateProps extends Omit<FieldLook, 'hideLabel'> {
  name: string
  /** YYYY-MM-DD, or what there is so far: „-5-14". */
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  ref?: Ref<HTMLInputElement>
  /** Whose birth it is: only one's own may be filled in by the browser. */
  own?: boolean
}

/** Three fields: day, month, year. `<BirthDateInput label="Datum narození" own {...form.control('birth_date')} />` */
export function BirthDateInput({ label, hint, error, optional, name, value, onChange, onBlur, ref, own }: BirthDateProps) {
  const t = useTexts(uiTexts)
  const [parts, setParts] = useState(() => splitDay(value))
  const shown = joinDay(parts) === value ? parts : splitDay(value)
  const set = (part: keyof DayParts) => (typed: string) => {
    const next = { ...shown, [part]: typed.replace(/\D/g, '') }
    setParts(next)
    onChange(joinDay(next))
  }
  const box = (part: keyof DayParts, text: string, chars: number, autoComplete: string) => (
    <div className="date-part">
      <label htmlFor={`${fieldId(name)}-${part}`} className="small">{text}</label>
      <div className="gov-form-input" data-size="m" data-chars={chars}>
        <div className="element" data-invalid={error ? true : undefined}>
          <input
            id={`${fieldId(name)}-${part}`}
            ref={part === 'day' ? ref : undefined}
            inputMode="numeric"
            maxLength={part === 'year' ? 4 : 2}
            value={shown[part]}
            aria-invalid={error ? true : undefined}
            aria-required={optional ? undefined : true}
            autoComplete={own ? autoComplete : 'off'}
            onChange={event => set(part)(event.target.value)}
          />
        </div>
      </div>
    </div>
  )
  return (
    <Fieldset legend={label} {...{ hint, error, optional, name }}>
      <div className="row date-parts" onBlur={event => !event.currentTarget.contains(event.relatedTarget) && onBlur?.()}>
        {box('day', t.day, 2, 'bday-day')}
        {box('month', t.month, 2, 'bday-month')}
        {box('year', t.year, 4, 'bday-year')}
      </div>
    </Fieldset>
  )
}

interface DayParts {
  day: string
  month: string
  year: string
}

function splitDay(value: string): DayParts {
  const [year = '', month = '', day = ''] = value.split('-')
  return { year, month: month.replace(/^0(?=\d)/, ''), day: day.replace(/^0(?=\d)/, '') }
}

function joinDay({ year, month, day }: DayParts): string {
  if (!year && !month && !day) return ''
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
