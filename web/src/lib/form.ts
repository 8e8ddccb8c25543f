/** Forms: react-hook-form under a valibot schema, with the API's field errors mapped to the fields. */
import { useMemo, useState } from 'react'
import { useForm as useHookForm, type DefaultValues, type FieldErrors, type FieldValues, type Path, type PathValue, type Resolver } from 'react-hook-form'
import * as v from 'valibot'
import { asProblem, type Problem } from './api/problem'
import { parseMoney } from './format'

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
  const resolver = useMemo(() => checkedBy(schema) as unknown as Resolver<Values>, [schema])
  const hook = useHookForm<Values>({
    resolver,
    defaultValues: defaults as DefaultValues<Values>,
    mode: 'onTouched',
    shouldFocusError: false, // the summary takes the focus and leads to the fields
  })
  const { errors, isSubmitted, dirtyFields, isSubmitting, submitCount } = hook.formState

  const isShown = (name: string) => isSubmitted || pick(dirtyFields, name) !== undefined
  const errorOf = (name: string): string | undefined => {
    const message = (pick(errors, name) as { message?: string } | undefined)?.message
    return message && isShown(name) ? message : undefined
  }

  async function sendChecked(values: unknown): Promise<void> {
    setProblem(null)
    try {
      await send(values as v.InferOutput<S>)
    } catch (thrown) {
      setProblem(showOnFields(asProblem(thrown)))
    }
  }

  /** Puts the API's messages on their fields; the rest of the problem is for the summary. */
  function showOnFields(refusal: Problem): Problem {
    for (const error of refusal.errors) {
      const field = error.field.replace(/^body\./, '')
      const name = apiNames[field] ?? field
      hook.setError(name as Path<Values>, { type: 'api', message: error.message })
    }
    return refusal
  }

  return {
    hook,
    problem,
    isBusy: isSubmitting,
    submitCount,
    submit: hook.handleSubmit(sendChecked, () => setProblem(null)),
    errorOf,
    /** Everything to mend, in the order of the form, for the summary. */
    errors: isSubmitted ? listErrors(errors, Object.keys(defaults as object)) : [],
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
    /** Shows a refusal that came by another way than `send`, on the fields that it names. */
    refuse: (thrown: unknown) => setProblem(showOnFields(asProblem(thrown))),
  }
}

export type AppForm = Pick<ReturnType<typeof useForm>, 'errors' | 'problem' | 'submit' | 'submitCount' | 'isBusy'>

/** react-hook-form asks, valibot answers. */
function checkedBy(schema: Schema): Resolver<FieldValues> {
  return async values => {
    const outcome = await v.safeParseAsync(schema, values, { abortPipeEarly: true })
    if (outcome.success) return { values: outcome.output as FieldValues, errors: {} }
    const errors: Record<string, unknown> = {}
    for (const issue of outcome.issues) {
      const path = v.getDotPath(issue)
      if (path && pick(errors, path) === undefined) put(errors, path, { type: issue.type, message: issue.message })
    }
    return { values: {}, errors: errors as FieldErrors }
  }
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

/** A day that exists, as YYYY-MM-DD. */
export function existingDay(message: string) {
  return v.pipe(v.string(), v.check(isExistingDay, message))
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
