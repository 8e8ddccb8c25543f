import './registration.css'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { asProblem, Problem } from '@/lib/api/problem'
import { appHref, useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { birthDate, email, useForm, type AppForm } from '@/lib/form'
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

const NOTHING: Filled = { email: '', password: '', given_names: '', surname: '', birth_date: '', address: NO_ADDRESS, phone: '' }
const STEPS = ['signIn', 'person', 'address', 'notice'] as const
type Step = (typeof STEPS)[number]

/** Where a refusal is mended. */
const STEP_OF: Record<string, Step> = { too_young_to_register: 'person', birth_date_impossible: 'person', address_unknown: 'address' }

/** Four short steps; what was filled in stays when one goes back. */
export default function Registration() {
  const t = useTexts(registrationTexts)
  const [filled, setFilled] = useState(NOTHING)
  const [step, setStep] = useState<Step | 'sent'>('signIn')
  const [problem, setProblem] = useState<Problem | null>(null)
  const send = useSend()
  if (step === 'sent') return <Sent email={filled.email} again={() => send(filled)} mend={() => setStep('signIn')} />

  const at = STEPS.indexOf(step)
  const go = (to: Step | 'sent', why: Problem | null = null) => {
    setProblem(why)
    setStep(to)
  }
  const next = (values: Partial<Filled>) => {
    setFilled({ ...filled, ...values })
    go(STEPS[at + 1] ?? 'notice')
  }
  const finish = async () => {
    try {
      await send(filled)
      go('sent')
    } catch (thrown) {
      const refused = asProblem(thrown)
      go(STEP_OF[refused.code] ?? 'notice', refused)
    }
  }
  const shared = { filled, next, back: at > 0 ? () => go(STEPS[at - 1]!) : undefined }
  return (
    <Page
      key={step}
      heading={t.steps[step]}
      lead={t.lead[step]}
      above={<StepBar title={t.heading} steps={STEPS.map(each => ({ label: t.steps[each] }))} current={at} />}
    >
      {problem && <div className="narrow"><ProblemCallout problem={problem} /></div>}
      {step === 'signIn' && <SignInStep {...shared} />}
      {step === 'person' && <PersonStep {...shared} />}
      {step === 'address' && <AddressStep {...shared} />}
      {step === 'notice' && <NoticeStep finish={finish} back={shared.back} />}
    </Page>
  )
}

function useSend() {
  const city = useCity()
  const language = useLanguage()
  const notice = useNotice()
  return (filled: Filled) =>
    ask(
      api.POST('/v1/cities/{city}/registrations', {
        params: { path: { city: city.slug } },
        body: { ...filled, language: language === 'en' ? 'en' : 'cs', notice_version: notice.data?.version ?? city.notice_version },
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
  next: (values: Partial<Filled>) => void
  back: (() => void) | undefined
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

function SignInStep({ filled, next, back }: StepProps) {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const schema = useMemo(() => v.object({ email: email(t.emailMissing), password: newPassword(t.passwordMissing) }), [t])
  const form = useForm({ schema, defaults: { email: filled.email, password: filled.password }, send: async values => next(values) })
  return (
    <>
      <StepForm form={form} back={back}>
        <Input label={t.email} hint={t.emailHint} type="email" inputMode="email" autoComplete="username" {...form.field('email')} />
        <PasswordInput label={t.password} hint={t.passwordHint} autoComplete="new-password" {...form.field('password')} />
      </StepForm>
      <p>{t.haveAccount} <a href={appHref('moje', city.slug)}>{t.signIn}</a></p>
    </>
  )
}

function PersonStep({ filled, next, back }: StepProps) {
  const t = useTexts(registrationTexts)
  const schema = useMemo(
    () => v.object({ given_names: name(t.givenNamesMissing), surname: name(t.surnameMissing), birth_date: birthDate(t.birthDateMissing) }),
    [t],
  )
  const { given_names, surname, birth_date } = filled
  const form = useForm({ schema, defaults: { given_names, surname, birth_date }, send: async values => next(values) })
  return (
    <StepForm form={form} back={back}>
      <Input label={t.givenNames} hint={t.givenNamesHint} autoComplete="given-name" {...form.field('given_names')} />
      <Input label={t.surname} autoComplete="family-name" {...form.field('surname')} />
      <BirthDateInput label={t.birthDate} hint={t.birthDateHint} own {...form.control('birth_date')} />
    </StepForm>
  )
}

function AddressStep({ filled, next, back }: StepProps) {
  const t = useTexts(registrationTexts)
  const schema = useMemo(() => v.object({ address: address(t.addressMissing), phone: phone(t.phoneWrong) }), [t])
  const form = useForm({ schema, defaults: { address: filled.address, phone: filled.phone }, send: async values => next(values) })
  return (
    <StepForm form={form} back={back}>
      <Suspense fallback={<Skeleton lines={2} height={24} />}>
        <AddressField label={t.address} {...form.control('address')} />
      </Suspense>
      <Input label={t.phone} hint={t.phoneHint} optional type="tel" autoComplete="tel" chars={20} {...form.field('phone')} />
    </StepForm>
  )
}

function NoticeStep({ finish, back }: { finish: () => Promise<void>; back: StepProps['back'] }) {
  const t = useTexts(registrationTexts)
  const city = useCity()
  const notice = useNotice()
  const [busy, setBusy] = useState(false)
  const create = () => {
    setBusy(true)
    void finish().finally(() => setBusy(false))
  }
  return (
    <Loaded query={notice}>
      {({ version, published_on, cs, en }) => (
        <div className="notice-box">
          <Card title={t.toRead(city.name)} level={2}>
            <NoticeText {...localised({ cs, en })} />
            <p className="small soft">{t.version(version, date(published_on))}</p>
          </Card>
          <div className="buttons">
            <Button look="primary" size="l" busy={busy} onClick={create}>{t.create}</Button>
            {back && <Button look="quiet" onClick={back}>{t.back}</Button>}
          </div>
        </div>
      )}
    </Loaded>
  )
}
