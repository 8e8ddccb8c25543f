/** What the API answers when it says no (RFC 9457), and what we say when it did not answer at all. */
import { texts, textsNow } from '../texts'

export interface FieldProblem {
  field: string
  code: string
  message: string
}

export interface ProblemDocument {
  title?: string | undefined
  detail?: string | undefined
  code?: string | undefined
  errors?: readonly FieldProblem[]
  correlation_id?: string | undefined
  facts?: Readonly<Record<string, unknown>>
}

const t = texts({
  cs: {
    network: 'Nejste připojeni k internetu, nebo server neodpovídá. Zadané údaje zůstávají, zkuste to za chvíli.',
    ours: 'Něco se u nás pokazilo. Zadané údaje zůstávají, zkuste to za chvíli.',
    signIn: 'Přihlášení vypršelo. Přihlaste se znovu, zadané údaje zůstávají.',
  },
  en: {
    network: 'You are off line, or the server does not answer. What you typed stays, try again in a while.',
    ours: 'Something broke on our side. What you typed stays, try again in a while.',
    signIn: 'Your sign-in has expired. Sign in again, what you typed stays.',
  },
  uk: {
    network: 'Немає з’єднання або сервер не відповідає. Введені дані збережено, спробуйте трохи пізніше.',
    ours: 'Сталася помилка на нашому боці. Введені дані збережено, спробуйте трохи пізніше.',
    signIn: 'Термін входу минув. Увійдіть знову, введені дані збережено.',
  },
})

/** A refusal out of whatever came with it: a problem document, another JSON, a page of a proxy, nothing. */
export function refusedBy(response: Pick<Response, 'status' | 'headers'>, sent: unknown): Problem {
  const document = readDocument(sent)
  // Where the API itself did not answer, the edge still names the request.
  const support = document.correlation_id ?? response.headers.get('x-amzn-requestid') ?? response.headers.get('x-amz-cf-id') ?? undefined
  return new Problem(response.status, { ...document, correlation_id: support })
}

function readDocument(sent: unknown): ProblemDocument {
  if (!isRecord(sent)) return {}
  const { errors, facts } = sent
  return {
    title: said(sent.title),
    detail: said(sent.detail),
    code: said(sent.code),
    correlation_id: said(sent.correlation_id),
    facts: isRecord(facts) ? facts : {},
    errors: Array.isArray(errors) ? errors.flatMap(readFieldProblem) : [],
  }
}

function readFieldProblem(sent: unknown): FieldProblem[] {
  if (!isRecord(sent)) return []
  const message = said(sent.message)
  return message ? [{ field: said(sent.field) ?? '', code: said(sent.code) ?? 'unknown', message }] : []
}

const said = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A refusal. `message` is for people; decide by `code`, which never changes. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly errors: readonly FieldProblem[]
  readonly correlationId: string | undefined
  /** What the refusal stands on, such as when and where a voucher was used. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(status: number, document: ProblemDocument) {
    super(document.detail || document.title || textsNow(t).ours)
    this.status = status
    this.code = document.code ?? 'unknown'
    this.title = document.title ?? ''
    this.errors = document.errors ?? []
    this.correlationId = document.correlation_id
    this.facts = document.facts ?? {}
  }

  /** The request may or may not have had its effect: nobody knows until we ask again. */
  get isUncertain(): boolean {
    return this.status === 0 || this.status === 408 || this.status >= 500 || this.code === 'try_again'
  }

  get isOurFault(): boolean {
    return this.status >= 500
  }
}

export function noAnswer(cause?: unknown): Problem {
  const problem = new Problem(0, { code: 'no_answer', detail: textsNow(t).network })
  problem.cause = cause
  return problem
}

export function signInAgain(): Problem {
  return new Problem(401, { code: 'sign_in_again', detail: textsNow(t).signIn })
}

/** Anything thrown, as a Problem, so that a screen has one kind of failure to show. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof TypeError || (thrown instanceof DOMException && thrown.name === 'TimeoutError')) return noAnswer(thrown)
  const problem = new Problem(500, { code: 'unexpected', detail: textsNow(t).ours })
  problem.cause = thrown
  return problem
}
