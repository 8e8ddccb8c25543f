import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Checkbox, Fieldset, Input, RadioGroup, Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { settingsTexts } from './admin.texts'
import { settingsQuery, useSettingsActs, type Settings as Known } from './settings.calls'
import { SettingsPage } from './SettingsPage'
import './registration.css'

export default function Settings() {
  const settings = useQuery(settingsQuery(useCity().slug))
  return <SettingsPage><Loaded query={settings}>{known => <TownForm key={known.v} known={known} />}</Loaded></SettingsPage>
}

const LINE_MAX = 200
const line = v.pipe(v.string(), v.trim(), v.maxLength(LINE_MAX))

function whole(from: number, to: number, message: string) {
  return v.pipe(v.string(), v.trim(), v.check(text => /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to, message), v.transform(Number))
}

function useSchema() {
  const t = useTexts(settingsTexts)
  return useMemo(
    () =>
      v.object({
        name: filled(t.nameMissing),
        contact: v.object({ phone: line, email: line, office: line, office_hours: line }),
        verification: v.picklist(['at_registration', 'during_review', 'by_hand']),
        verification_valid_days: whole(1, 3650, t.validDaysWrong),
        second_proof: v.object({ by_post: v.boolean(), at_desk: v.boolean() }),
        legal_regime: v.picklist(['subsidy', 'gift', 'other']),
        account_number: v.pipe(v.string(), v.trim(), v.regex(/^((\d{1,6}-)?\d{2,10}\/\d{4})?$/, t.accountWrong)),
        bank_profile: v.pipe(v.string(), v.trim(), v.regex(/^(\d{4})?$/, t.bankWrong)),
        settlement_period: v.picklist(['weekly', 'twice_a_month', 'monthly']),
        settlement_route: v.picklist(['direct', 'clearing']),
        clearing_account: v.pipe(v.string(), v.trim(), v.regex(/^((\d{1,6}-)?\d{2,10}\/\d{4})?$/, t.accountWrong)),
        order_format: v.picklist(['abo', 'pain.001.001.09', 'pain.001.001.03']),
        control_sample_permille: v.pipe(
          v.string(),
          v.trim(),
          v.check(text => /^\d{1,3}([,.]\d)?$/.test(text) && Number(text.replace(',', '.')) <= 100, t.sampleWrong),
          v.transform(text => Math.round(Number(text.replace(',', '.')) * 10)),
        ),
        joint_accountant: v.boolean(),
        undo_window_minutes: whole(0, 1440, t.undoWrong),
        order_confirm_days: whole(1, 60, t.confirmWrong),
      }),
    [t],
  )
}

function TownForm({ known }: { known: Known }) {
  const t = useTexts(settingsTexts)
  const city = useCity()
  const { amend } = useSettingsActs(city.slug)
  const toast = useToast()
  const form = useForm({
    schema: useSchema(),
    defaults: {
      name: known.name,
      contact: known.contact,
      verification: known.verification,
      verification_valid_days: String(known.verification_valid_days),
      second_proof: known.second_proof,
      legal_regime: known.legal_regime,
      account_number: known.account_number,
      bank_profile: known.bank_profile,
      settlement_period: known.settlement_period,
      settlement_route: known.settlement_route,
      clearing_account: known.clearing_account,
      order_format: known.order_format,
      control_sample_permille: String(known.control_sample_permille / 10).replace('.', ','),
      joint_accountant: known.joint_accountant,
      undo_window_minutes: String(known.undo_window_minutes),
      order_confirm_days: String(known.order_confirm_days),
    },
    send: async values => {
      await amend(known.v, values)
      toast(t.saved)
    },
  })
  const options = <T extends string>(names: Record<T, string>) => (Object.entries(names) as [T, string][]).map(([value, label]) => ({ value, label }))
  return (
    <div className="notice-box">
      <Form form={form} wide>
        <Card title={t.basics} level={2}>
          <Input label={t.name} {...form.field('name')} />
        </Card>
        <Card title={t.contact} level={2}>
          <Input label={t.phone} type="tel" optional chars={20} {...form.field('contact.phone')} />
          <Input label={t.email} type="email" optional {...form.field('contact.email')} />
          <Input label={t.office} optional {...form.field('contact.office')} />
          <Input label={t.officeHours} optional {...form.field('contact.office_hours')} />
        </Card>
        <Card title={t.verification} level={2}>
          <RadioGroup legend={t.verificationWhen} choices={options(t.when)} {...form.field('verification')} />
          <Input label={t.validDays} inputMode="numeric" chars={4} {...form.field('verification_valid_days')} />
          <Fieldset legend={t.proof}>
            <Checkbox label={t.byPost} {...form.field('second_proof.by_post')} />
            <Checkbox label={t.atDesk} {...form.field('second_proof.at_desk')} />
          </Fieldset>
        </Card>
        <Card title={t.money} level={2}>
          <Select label={t.regime} options={options(t.regimes)} {...form.field('legal_regime')} />
          <Input label={t.account} hint={t.accountHint} chars={20} {...form.field('account_number')} />
          <Input label={t.bank} hint={t.bankHint} inputMode="numeric" chars={4} {...form.field('bank_profile')} />
          <Select label={t.period} options={options(t.periods)} {...form.field('settlement_period')} />
          <Select label={t.route} options={options(t.routes)} {...form.field('settlement_route')} />
          <Input label={t.clearing} hint={t.clearingHint} optional={form.watch('settlement_route') !== 'clearing'} chars={20} {...form.field('clearing_account')} />
          <Select label={t.orderFormat} options={options(t.orderFormats)} {...form.field('order_format')} />
          <Input label={t.sample} hint={t.sampleHint} inputMode="decimal" suffix="%" chars={4} {...form.field('control_sample_permille')} />
          <Checkbox label={t.accountant} hint={t.accountantHint} {...form.field('joint_accountant')} />
        </Card>
        <Card title={t.terms} level={2}>
          <Input label={t.undo} inputMode="numeric" chars={4} {...form.field('undo_window_minutes')} />
          <Input label={t.confirm} inputMode="numeric" chars={4} {...form.field('order_confirm_days')} />
        </Card>
        <Button submit look="primary" size="l" busy={form.isBusy}>{t.save}</Button>
      </Form>
    </div>
  )
}
