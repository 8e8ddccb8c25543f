/** Forms: react-hook-form under a valibot schema, with the API's field errors mapped to the fields. */
import { useMemo, useState } from 'react'
import { useForm as useHookForm, type DefaultValues, type FieldErrors, type FieldValues, type Path, type PathValue, type Resolver } from 'react-hook-form'
import * as v from 'valibot'
import { asProblem, type FieldProblem, type Problem } from './api/problem'
import { day, parseMoney } from './format'
import { texts, textsNow } from './texts'

const BORN_FROM = '1900-01-01'

const t = texts({
  cs: {
    noSuchDay: 'Takový den v kalendáři není, nebo datum není celé. Opravte ho.',
    notBornYet: 'Toto datum je v budoucnosti. Opravte rok narození.',
    bornTooLongAgo: 'Rok narození musí být 1900 nebo pozdější. Opravte ho.',
  },
  en: {
    noSuchDay: 'There is no such day, or the date is not whole. Correct it.',
    notBornYet: 'This date is in the future. Correct the year of birth.',
    bornTooLongAgo: 'The year of birth must be 1900 or later. Correct it.',
  },
})

type Schema = v.GenericSchema<FieldValues, unknown>

export interface FormOptions<S extends Schema> {
  schema: S
  defaults: v.InferInput<S>
  /** Sends what was typed, already checked and transformed; throw a Problem to show a refusal. */
  send: (values: v.InferOutput<S>) => Promise<unknown>
  /** Names that the API uses for fields, when they differ from the form's. */
  apiNames?: Readonly<Record<string, string>>
}

export interface FormError {
  name: string
  message: string
}

/**
 * ```
 * const form = useForm({ schema, defaults: { email: '' }, send: values => ask(api.POST(…)) })
 * <Form form={form}><Input label="E-mail" {...form.field('email')} /><Button submit busy={form.isBusy}>…</Button></Form>
 * ```
 * A field is checked when it is left after a change, again while being mended, and all of them on submit.
 */
export function useForm<S extends Schema>({ schema, defaults, send, apiNames = {} }: FormOptions<S>) {
  type Values = v.InferInput<S> & FieldValues
  const [problem, setProblem] = useState<Problem | null>(null)
  const [refusals, setRefusals] = useState(0)
  const resolver = useMemo(() => checkedBy(schema) as unknown as Resolver<Values>, [schema])
  const hook = useHookForm<Values>({
    resolver,
    defaultValues: defaults as DefaultValues<Values>,
    mode: 'onTouched',
    shouldFocusError: false, // the summary takes the focus and leads to the fields
  })
  const { errors, isSubmitted, dirtyFields, isSubmitting, submitCount } = hook.formState

  const isShown = (name: string) => isSubmitted || problem !== null || pick(dirtyFields, name) !== undefined
  const errorOf = (name: string): string | undefined => {
    const message = (pick(errors, name) as { message?: string } | undefined)?.message
    return message && isShown(name) ? message : undefined
  }

  async function sendChecked(values: unknown): Promise<void> {
    setProblem(null)
    try {
      await send(values as v.InferOutput<S>)
    } catch (thrown) {
      refuse(thrown)
    }
  }

  /** Shows a refusal: what it says of this form's fields on them, the whole of it where it says something else. */
  function refuse(thrown: unknown): void {
    const refusal = asProblem(thrown)
    setProblem(refusal)
    setRefusals(count => count + 1)
    for (const [name, { message }] of placed(refusal, apiNames, defaults)) hook.setError(name as Path<Values>, { type: 'api', message })
  }

  return {
    hook,
    /** A refusal that no field of the form can show alone. */
    problem: problem && placed(problem, apiNames, defaults).length < Math.max(problem.errors.length, 1) ? problem : null,
    isBusy: isSubmitting,
    /** Grows with each attempt and each refusal: the summary takes the focus then. */
    attempts: submitCount + refusals,
    /** Shows a refusal that came by another way than `send`, on the fields that it names. */
    refuse,
    submit: hook.handleSubmit(sendChecked, () => setProblem(null)),
    errorOf,
    /** Everything to mend, in the order of the form, for the summary. */
    errors: isSubmitted || problem ? listErrors(errors, Object.keys(defaults as object)) : [],
    /** Props of a field with a native input: `<Input label="…" {...form.field('email')} />`. */
    field: (name: Path<Values>) => ({ ...hook.register(name), error: errorOf(name) }),
    /** Props of a field that gives its value whole: `<BirthDateInput label="…" {...form.control('birth_date')} />`. */
    control: <N extends Path<Values>>(name: N) => ({
      name: name as string,
      value: hook.watch(name) as PathValue<Values, N>,
      onChange: (value: PathValue<Values, N>) => hook.setValue(name, value, { shouldDirty: true, shouldValidate: isSubmitted || errorOf(name) !== undefined }),
      onBlur: () => void (isShown(name) && hook.trigger(name)),
      error: errorOf(name),
    }),
    watch: hook.watch,
    setValue: hook.setValue,
  }
}

export type AppForm = Pick<ReturnType<typeof useForm>, 'errors' | 'problem' | 'submit' | 'attempts' | 'isBusy'>

/** What a refusal says of the fields that a form has, by the form's own names. */
export function placed(refusal: Problem, apiNames: Readonly<Record<string, string>>, fields: object): [string, FieldProblem][] {
  return refusal.errors.flatMap(error => {
    const field = error.field.replace(/^body\./, '')
    const name = (Object.hasOwn(apiNames, field) && apiNames[field]) || field
    return Object.hasOwn(fields, name.split('.')[0]!) ? [[name, error] as [string, FieldProblem]] : []
  })
}

/** react-hook-form asks, valibot answers. */
function checkedBy(schema: Schema): Resolver<FieldValues> {
  return async (values, _, { fields }) => {
    const outcome = await v.safeParseAsync(schema, values, { abortPipeEarly: true })
    const errors: Record<string, unknown> = unreadable(fields)
    if (outcome.success && Object.keys(errors).length === 0) return { values: outcome.output as FieldValues, errors: {} }
    for (const issue of outcome.issues ?? []) {
      const path = v.getDotPath(issue)
      if (path && pick(errors, path) === undefined) put(errors, path, { type: issue.type, message: issue.message })
    }
    return { values: {}, errors: errors as FieldErrors }
  }
}

/** Of a day that does not exist the browser gives nothing, as if nothing had been typed: only its own mark tells. */
function unreadable(fields: object): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const ref = (field as { ref?: { validity?: ValidityState } } | undefined)?.ref
    if (ref?.validity?.badInput) found[name] = { type: 'unreadable', message: textsNow(t).noSuchDay }
  }
  return found
}

function pick(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree)
}

function put(tree: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let node = tree
  for (const key of keys) node = (node[key] ??= {}) as Record<string, unknown>
  node[last] = value
}

function listErrors(errors: FieldErrors, order: readonly string[], prefix = ''): FormError[] {
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.entries(errors)
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([key, error]) => {
      if (!error || key === 'root') return []
      const name = prefix + key
      const message = (error as { message?: unknown }).message
      return typeof message === 'string' ? [{ name, message }] : listErrors(error as FieldErrors, [], `${name}.`)
    })
}

/** A typed amount, as whole haléře: `v.object({price: typedMoney('Doplňte cenu, například 350')})`. */
export function typedMoney(message: string) {
  return v.pipe(v.string(), v.check(typed => parseMoney(typed) !== null, message), v.transform(typed => parseMoney(typed) ?? 0))
}

/** A day that exists, as YYYY-MM-DD; `message` is for one that is missing. */
export function existingDay(message: string) {
  return v.pipe(v.string(), v.check(typed => !lacksPart(typed), message), v.check(isExistingDay, textsNow(t).noSuchDay))
}

/** Nothing yet, or „-5-14", „2019-00-24": a box of the three is empty. */
const lacksPart = (typed: string) => typed === '' || /^-|-00/.test(typed)

/** A day of birth, which is past; `message` is for one that is missing. */
export function birthDate(message: string) {
  const words = textsNow(t)
  return v.pipe(existingDay(message), v.check(born => born <= day(), words.notBornYet), v.check(born => born >= BORN_FROM, words.bornTooLongAgo))
}

export function isExistingDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

export function filled(message: string, longest = 200) {
  return v.pipe(v.string(), v.trim(), v.minLength(1, message), v.maxLength(longest, message))
}

export function email(message: string) {
  return v.pipe(v.string(), v.trim(), v.maxLength(254, message), v.regex(/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/, message))
}
