import './registration.css'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import * as v from 'valibot'
import { Redirect, useLocation, useParams, useSearch } from 'wouter'
import { api, ask } from '@/lib/api/client'
import { asProblem, Problem } from '@/lib/api/problem'
import { appHref, useCity } from '@/lib/city'
import { useKeeping, useKept } from '@/lib/draft'
import { date } from '@/lib/format'
import { birthDate, email, useForm, type AppForm } from '@/lib/form'
import { nextIn, withNext } from '@/lib/next'
import { localised, useLanguage, useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { BirthDateInput, Input, PasswordInput } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { StepBar } from '@/ui/Stepper'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { NoticeText } from './NoticeText'
import { registrationTexts } from './registration.texts'
import { address, name, newPassword, NO_ADDRESS, phone, type Address } from './rules'
import { Sent } from './RegistrationSent'

const AddressField = lazy(() => import('./AddressField'))

export interface Filled {
  email: string
  password: string
  given_names: string
  surname: string
  birth_date: string
  address: Address
  phone: string
}

const NAME = 'registration'
const NOTHING: Filled = { email: '', password: '', given_names: '', surname: '', birth_date: '', address: NO_ADDRESS, phone: '' }
const STEPS = ['signIn', 'person', 'address', 'notice'] as const
type Step = (typeof STEPS)[number]

/** Each step has an address, so that Back, Forward and a reload are what people expect of them. */
const AT: Record<Step | 'sent', string> = { signIn: '', person: 'osoba', address: 'adresa', notice: 'pouceni', sent: 'odeslano' }

/** Where a refusal is mended. */
const STEP_OF: Record<string, Step> = { too_young_to_register: 'person', birth_date_impossible: 'person', address_unknown: 'address' }

/** The first step that lacks something; a password is asked for again at the end. */
function firstOpen({ email, given_names, surname, birth_date, address }: Filled): number {
  const done = [email, given_names && surname && birth_date, address.text]
  const open = done.findIndex(each => !each)
  return open === -1 ? STEPS.length - 1 : open
}

/** Four short steps; what is typed stays when one goes back, forward or reloads, all but the password. */
export default function Registration() {
  const t = useTexts(registrationTexts)
  const { step: asked = '' } = useParams()
  const next = nextIn(useSearch())
  const [, navigate] = useLocation()
  const kept = useKept<Partial<Filled>>(NAME)
  const [filled, setFilled] = useState<Filled>({ ...NOTHING, ...kept })
  const [problem, setProblem] = useState<Problem | null>(null)
  const send = useSend(next)
  const remember = useCallback((values: Partial<Filled>) => setFilled(before => ({ ...before, ...values })), [])
  const isSent = asked === AT.sent && filled.email !== ''
  useKeeping<Partial<Filled>>(NAME, isSent ? { email: filled.email } : filled, ['password'])

  const addressOf = (to: Step | 'sent') => withNext(AT[to] ? `/registrace/${AT[to]}` : '/registrace', next)
  const go = (to: Step | 'sent', why: Problem | null = null) => {
    setProblem(why)
    navigate(addressOf(to), { replace: to === 'sent' })
  }
  if (isSent) return <Sent email={filled.email} again={filled.password ? () => send(filled) : undefined} mend={() => go('signIn')} />

  const at = STEPS.findIndex(each => AT[each] === asked)
  if (at === -1 || at > firstOpen(filled)) return <Redirect to={addressOf(STEPS[at === -1 ? 0 : firstOpen(filled)]!)} replace />
  const step = STEPS[at]!
  const finish = async (password: string) => {
    const whole = { ...filled, password }
    setFilled(whole)
    try {
      await send(whole)
      go('sent')
    } catch (thrown) {
      const refused = asProblem(thrown)
      go(STEP_OF[refused.code] ?? 'notice', refused)
    }
  }
  const shared = { filled, remember, next: () => go(STEPS[at + 1] ?? 'notice'), back: at > 0 ? () => go(STEPS[at - 1]!) : undefined }
  return (
    <Page
      key={step}
      heading={t.steps[step]}
      lead={t.lead[step]}
      above={<StepBar title={t.heading} steps={STEPS.map(each => ({ label: t.steps[each] }))} current={at} />}
    >
      {problem && <div className="narrow"><ProblemCallout problem={problem} /></div>}
      {step === 'signIn' && <SignInStep {...shared} wayOn={next} />}
      {step === 'person' && <PersonStep {...shared} />}
      {step === 'address' && <AddressStep {...shared} />}
      {step === 'notice' && <NoticeStep password={filled.password} finish={finish} back={shared.back} />}
    </Page>
  )
}

function useSend(next: string) {
  const city = useCity()
  const language = useLanguage()
  const notice = useNotice()
  return (filled: Filled) =>
    ask(
      api.POST('/v1/cities/{city}/registrations', {
        params: { path: { city: city.slug } },
        body: { ...filled, next, language: language === 'en' ? 'en' : 'cs', notice_version: notice.data?.version ?? city.notice_version },
      }),
    )
}

function useNotice() {
  const city = useCity()
  return useQuery({
    queryKey: ['privacy-notice', city.slug],
    queryFn: () => ask(api.GET('/v1/cities/{city}/privacy-notice', { params: { path: { city: city.slug } } })),
  })
}

interface StepProps {
  filled: Filled
  /** What is typed, as it is typed. */
  remember: (values: Partial<Filled>) => void
  next: () => void
  back: (() => void) | undefined
}

function useRemembered(typed: Partial<Filled>, remember: StepProps['remember']): void {
  const text = JSON.stringify(typed)
  useLayoutEffect(() => remember(JSON.parse(text) as Partial<Filled>), [text, remember])
}

function StepForm({ form, back, children }: { form: AppForm; back: StepProps['back']; children: ReactNode }) {
  const t = useTexts(registrationTexts)
  return (
    <div className="narrow">
      <Card>
        <Form form={form}>
          {children}
          <div className="buttons">
            <Button submit look="primary" size="l">{t.next}</Button>
            {back && <Button look="quiet" onClick={back}>{t.back}</Button>}
          </div>
        </Form>
      </Card>
    </div>
  )
}

function SignInStep({ filled, remember, next, back, wayOn }: StepProps & { wayOn: string }) {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const schema = useMemo(() => v.object({ email: email(t.emailMissing), password: newPassword(t.passwordMissing) }), [t])
  const form = useForm({ schema, defaults: { email: filled.email, password: filled.password }, send: async values => { remember(values); next() } })
  useRemembered(form.watch() as Partial<Filled>, remember)
  return (
    <>
      <StepForm form={form} back={back}>
        <Input label={t.email} hint={t.emailHint} type="email" inputMode="email" autoComplete="username" {...form.field('email')} />
        <PasswordInput label={t.password} hint={t.passwordHint} autoComplete="new-password" {...form.field('password')} />
      </StepForm>
      <p>{t.haveAccount} <a href={appHref('moje', city.slug, wayOn)}>{t.signIn}</a></p>
    </>
  )
}

function PersonStep({ filled, remember, next, back }: StepProps) {
  const t = useTexts(registrationTexts)
  const schema = useMemo(
    () => v.object({ given_names: name(t.givenNamesMissing), surname: name(t.surnameMissing), birth_date: birthDate(t.birthDateMissing) }),
    [t],
  )
  const { given_names, surname, birth_date } = filled
  const form = useForm({ schema, defaults: { given_names, surname, birth_date }, send: async values => { remember(values); next() } })
  useRemembered(form.watch() as Partial<Filled>, remember)
  return (
    <StepForm form={form} back={back}>
      <Input label={t.givenNames} hint={t.givenNamesHint} autoComplete="given-name" {...form.field('given_names')} />
      <Input label={t.surname} autoComplete="family-name" {...form.field('surname')} />
      <BirthDateInput label={t.birthDate} hint={t.birthDateHint} own {...form.control('birth_date')} />
    </StepForm>
  )
}

function AddressStep({ filled, remember, next, back }: StepProps) {
  const t = useTexts(registrationTexts)
  const schema = useMemo(() => v.object({ address: address(t.addressMissing), phone: phone(t.phoneWrong) }), [t])
  const form = useForm({ schema, defaults: { address: filled.address, phone: filled.phone }, send: async values => { remember(values); next() } })
  useRemembered(form.watch() as Partial<Filled>, remember)
  return (
    <StepForm form={form} back={back}>
      <Suspense fallback={<Skeleton lines={2} height={24} />}>
        <AddressField label={t.address} {...form.control('address')} />
      </Suspense>
      <Input label={t.phone} hint={t.phoneHint} optional type="tel" autoComplete="tel" chars={20} {...form.field('phone')} />
    </StepForm>
  )
}

interface NoticeStepProps {
  /** Empty after a reload: then it is asked for again. */
  password: string
  finish: (password: string) => Promise<void>
  back: StepProps['back']
}

function NoticeStep({ password, finish, back }: NoticeStepProps) {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const notice = useNotice()
  const schema = useMemo(() => v.object({ password: newPassword(t.passwordMissing) }), [t])
  const [asks] = useState(password === '')
  const form = useForm({ schema, defaults: { password }, send: async typed => finish(typed.password) })
  return (
    <Loaded query={notice}>
      {({ version, published_on, cs, en }) => (
        <div className="notice-box">
          <Card title={t.toRead(city.name)} level={2}>
            <NoticeText {...localised({ cs, en })} />
            <p className="small soft">{t.version(version, date(published_on))}</p>
          </Card>
          <Form form={form}>
            {asks && <PasswordInput label={t.passwordAgain} hint={t.passwordAgainHint} autoComplete="new-password" {...form.field('password')} />}
            <div className="buttons">
              <Button submit look="primary" size="l" busy={form.isBusy}>{t.create}</Button>
              {back && <Button look="quiet" onClick={back}>{t.back}</Button>}
            </div>
          </Form>
        </div>
      )}
    </Loaded>
  )
}
