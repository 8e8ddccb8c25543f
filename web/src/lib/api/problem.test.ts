import { describe, expect, it } from 'vitest'
import { refusedBy } from './problem'

const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) })

describe('any document that comes with a no is shown', () => {
  const odd: [string, unknown][] = [
    ['nothing at all', undefined],
    ['a page of a proxy', '<html><body>502 Bad Gateway</body></html>'],
    ['another JSON', { message: 'Forbidden' }],
    ['a list', [1, 2]],
    ['null', null],
    ['errors as text', { title: 'Opravte', code: 'invalid_input', errors: ["FieldError(field='limit')"] }],
    ['errors that are no list', { title: 'Opravte', errors: 'x' }],
    ['errors with holes', { title: 'Opravte', errors: [null, {}, { field: 1, message: 2 }, []] }],
    ['wrong types everywhere', { title: 1, detail: {}, code: [], correlation_id: 5, facts: 'x', status: 'y' }],
  ]
  it.each(odd)('%s', (_, sent) => {
    const problem = refusedBy(answer(502), sent)
    expect(problem.message).not.toBe('')
    expect(problem.errors).toEqual([])
    expect(problem.facts).toEqual({})
    expect(problem.isOurFault).toBe(true)
  })

  it('what is right in it is kept', () => {
    const errors = [{ field: 'limit', code: 'missing', message: 'Doplňte limit.' }, 'x']
    const problem = refusedBy(answer(422), { detail: 'Opravte údaje.', code: 'invalid_input', correlation_id: 'c1', errors })
    expect(problem.message).toBe('Opravte údaje.')
    expect(problem.correlationId).toBe('c1')
    expect(problem.errors).toEqual([errors[0]])
  })

  it('a request that only the edge answered has a support code too', () => {
    expect(refusedBy(answer(502, { 'X-Amz-Cf-Id': 'edge-1' }), '<html>').correlationId).toBe('edge-1')
    expect(refusedBy(answer(504, { 'x-amzn-RequestId': 'gate-1' }), undefined).correlationId).toBe('gate-1')
  })
})
