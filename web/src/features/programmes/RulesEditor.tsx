import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { useKeeping, useKept } from '@/lib/draft'
import { useForm } from '@/lib/form'
import { date, day } from '@/lib/format'
import { useLanguage, useTexts } from '@/lib/texts'
import { Accordion } from '@/ui/Accordion'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card } from '@/ui/Card'
import { Checkbox, DateInput, Fieldset, Input, MoneyInput, Select, Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Status } from '@/ui/Tag'
import { previewQuery, providersQuery, type Preview, type Programme, type Rules } from './calls'
import { editorTexts } from './editor.texts'
import { CATEGORIES, LEGAL_FORMS, rulesOf, rulesSchema, stateOn, typedOf, type Typed } from './rulesForm'
import { ProgrammeCard } from './parts'
import { programmeTexts } from './texts'

const QUIET_MS = 600
const TOPICS = ['sport', 'culture', 'education', 'health', 'home', 'other'] as const
const KINDS = ['permanent_residence', 'temporary_residence', 'temporary_protection'] as const
const DECIDES = ['clerk', 'arrival'] as const
const PAYABLE = ['confirmation', 'start', 'attendance'] as const
const REGIMES = ['subsidy', 'gift', 'other'] as const

const API_NAMES = { 'text.cs': 'text', 'text.en': 'text_en', 'who.born_to': 'born_to', 'who.age_max': 'age_max', min_price_minor: 'min_price', max_per_person_minor: 'max_per_person', denominations_minor: 'parts', day_limit_minor: 'day_limit', provider_limit_minor: 'provider_limit', category_limits: 'categories', 'coordinates.paragraph': 'paragraph', 'coordinates.item': 'item', ...Object.fromEntries(LEGAL_FORMS.map(one => [`coordinates.items.${one}`, `items.${one}`])) }

interface RulesEditorProps {
  /** Under what the typed is kept in this tab until it is saved. */
  name: string
  rules: Rules
  /** Saves them and gives them as they are saved. */
  save: (rules: Rules) => Promise<Rules>
  label: string
  /** The rules are a draft, and saved they can be published: asks about it, and shows the refusal on the fields. */
  publish?: (refuse: (thrown: unknown) => void) => void
  /** Another button of the screen is the main one. */
  quiet?: boolean
  /** Nobody else can save these rules: they do not exist yet. */
  isNew?: boolean
}

/** What is kept: the rules that the typing began from, and what is typed. */
interface Kept {
  from: string
  typed: Typed
}

/**
 * The rules by sections; beside them, what they say in words and how test persons fare. What is typed is lost neither by
 * a reload nor by a colleague who saved meanwhile: then the person chooses whose rules stay.
 */
export function RulesEditor({ name, rules, save, label, publish, quiet, isNew }: RulesEditorProps) {
  const t = useTexts(editorTexts)
  const schema = useMemo(() => rulesSchema(t), [t])
  const kept = useKept<Kept>(name)
  const [from, setFrom] = useState(kept?.from ?? JSON.stringify(rules))
  const publishes = useRef(false)
  const form = useForm({ schema, defaults: kept?.typed ?? typedOf(rules), apiNames: API_NAMES, send: saveOrPublish })
  const typed = form.watch() as Typed
  const now = JSON.stringify(rules)
  const isTouched = JSON.stringify(typed) !== JSON.stringify(typedOf(JSON.parse(from) as Rules))
  const isBehind = !isNew && from !== now && !form.isBusy
  useKeeping<Kept>(name, isTouched ? { from, typed } : null)

  async function saveOrPublish(): Promise<void> {
    const sent = JSON.stringify(typed)
    if (isTouched || !publishes.current) {
      const saved = await save(rulesOf(typed))
      if (JSON.stringify(form.hook.getValues()) === sent) take(saved)
      else setFrom(JSON.stringify(saved)) // somebody typed on while it was being saved
    }
    if (publishes.current) publish?.(form.refuse)
  }

  /** The form stands on these rules and shows them. */
  function take(saved: Rules): void {
    setFrom(JSON.stringify(saved))
    form.hook.reset(typedOf(saved) as never, { keepIsSubmitted: true, keepSubmitCount: true })
  }

  useEffect(() => {
    if (isBehind && !isTouched) take(rules)
  })

  return (
    <div className="with-preview">
      <Form form={form} wide>
        {isBehind && isTouched && (
          <Callout tone="warning" title={t.behind} appears action={<div className="buttons"><Button onClick={() => setFrom(now)}>{t.keepMine}</Button><Button onClick={() => take(rules)}>{t.takeTheirs}</Button></div>}>
            <p>{t.behindText}</p>
          </Callout>
        )}
        <Texts form={form} />
        <Contribution form={form} typed={typed} />
        <Who form={form} typed={typed} />
        <Time form={form} />
        <Where form={form} typed={typed} />
        <Use form={form} typed={typed} />
        <Basis form={form} />
        <div className="buttons">
          {publish && <Button submit look="primary" busy={form.isBusy} disabled={isBehind} onClick={() => (publishes.current = true)}>{t.steps.publish}</Button>}
          <Button submit look={quiet || publish ? 'secondary' : 'primary'} busy={form.isBusy} disabled={isBehind} onClick={() => (publishes.current = false)}>{label}</Button>
        </div>
      </Form>
      <aside className="preview-aside"><PreviewSide typed={typed} /></aside>
    </div>
  )
}

/** The same for those who only read. */
export function RulesRead({ rules }: { rules: Rules }) {
  const typed = useMemo(() => typedOf(rules), [rules])
  return <div className="grid grid-2 rules-read"><PreviewSide typed={typed} /></div>
}

type EditorForm = ReturnType<typeof useForm<ReturnType<typeof rulesSchema>>>

function Texts({ form }: { form: EditorForm }) {
  const t = useTexts(editorTexts)
  const p = useTexts(programmeTexts)
  return (
    <Card title={t.sections.texts} level={2}>
      <div className="stack">
        <Input label={t.name} {...form.field('name')} />
        <Input label={`${t.name} ${t.english}`} optional {...form.field('name_en')} />
        <Input label={t.purpose} {...form.field('purpose')} />
        <Input label={`${t.purpose} ${t.english}`} optional {...form.field('purpose_en')} />
        <Textarea label={t.text} rows={6} {...form.field('text')} />
        <Textarea label={`${t.text} ${t.english}`} optional rows={4} {...form.field('text_en')} />
        <Select label={t.topic} options={TOPICS.map(value => ({ value, label: p.topic[value] }))} {...form.field('topic')} />
      </div>
    </Card>
  )
}

function Contribution({ form, typed }: { form: EditorForm; typed: Typed }) {
  const t = useTexts(editorTexts)
  return (
    <Card title={t.sections.contribution} level={2}>
      <div className="stack">
        <Select label={t.mode} options={[{ value: 'credit', label: t.credit }, { value: 'voucher', label: t.voucher }]} {...form.field('mode')} />
        <Input label={t.parts} hint={t.partsHint} suffix="Kč" inputMode="text" {...form.field('parts')} />
        <div className="grid grid-2">
          <MoneyInput label={t.maxPerson} hint={t.maxPersonHint} optional {...form.field('max_per_person')} />
          <MoneyInput label={t.minPrice} hint={t.maxPersonHint} optional {...form.field('min_price')} />
        </div>
        {typed.mode === 'voucher' && (
          <>
            <Checkbox label={t.singleUse} {...form.field('single_use')} />
            <Select label={t.remainder} options={[{ value: 'stays', label: t.stays }, { value: 'returns', label: t.returns }]} {...form.field('remainder')} />
          </>
        )}
        <Select label={t.decides} hint={typed.decides === 'arrival' ? t.arrivalHint : t.clerkHint} options={DECIDES.map(value => ({ value, label: t.decidesBy[value] }))} {...form.field('decides')} />
        <Checkbox label={t.waiting} {...form.field('waiting_list')} />
      </div>
    </Card>
  )
}

/** One of several: in if it was out, out if it was in. */
function useToggle(form: EditorForm, typed: Typed) {
  return (field: 'kinds' | 'providers' | 'categories', value: string) => {
    const chosen = typed[field]
    form.setValue(field, chosen.includes(value) ? chosen.filter(one => one !== value) : [...chosen, value], { shouldDirty: true, shouldValidate: true })
  }
}

function Who({ form, typed }: { form: EditorForm; typed: Typed }) {
  const t = useTexts(editorTexts)
  const toggle = useToggle(form, typed)
  return (
    <Card title={t.sections.who} level={2}>
      <div className="stack">
        <div className="grid grid-2">
          <DateInput label={t.bornFrom} optional {...form.field('born_from')} />
          <DateInput label={t.bornTo} optional {...form.field('born_to')} />
        </div>
        <div className="grid grid-3">
          <Input label={t.ageMin} optional chars={4} inputMode="numeric" {...form.field('age_min')} />
          <Input label={t.ageMax} optional chars={4} inputMode="numeric" {...form.field('age_max')} />
          <DateInput label={t.ageOn} hint={t.ageOnHint} optional {...form.field('age_on')} />
        </div>
        <Input label={t.codes} hint={t.codesHint} optional {...form.field('codes')} />
        <Fieldset legend={t.kinds} name="kinds" error={form.errorOf('kinds')}>
          {KINDS.map(kind => <Checkbox key={kind} label={t[kind]} value={kind} checked={typed.kinds.includes(kind)} onChange={() => toggle('kinds', kind)} />)}
        </Fieldset>
        <Checkbox label={t.household} hint={t.householdHint} {...form.field('one_per_household')} />
        <div className="grid grid-2">
          <Input label={t.documents} hint={t.documentsHint} optional {...form.field('documents')} />
          <Input label={`${t.documents} ${t.english}`} optional {...form.field('documents_en')} />
        </div>
        <Checkbox label={t.secondProof} {...form.field('second_proof')} />
      </div>
    </Card>
  )
}

function Time({ form }: { form: EditorForm }) {
  const t = useTexts(editorTexts)
  return (
    <Card title={t.sections.time} level={2}>
      <div className="grid grid-2">
        <DateInput label={t.applicationsFrom} {...form.field('applications_from')} />
        <DateInput label={t.applicationsTo} {...form.field('applications_to')} />
        <DateInput label={t.spendingFrom} {...form.field('spending_from')} />
        <DateInput label={t.spendingTo} {...form.field('spending_to')} />
        <Input label={t.daysToSpend} hint={t.daysToSpendHint} optional chars={4} inputMode="numeric" {...form.field('days_to_spend')} />
        <Input label={t.daysToDecide} chars={4} inputMode="numeric" {...form.field('days_to_decide')} />
      </div>
    </Card>
  )
}

/** Where the contribution may be spent: by category of the offer, and by provider; nothing chosen means everywhere. */
function Where({ form, typed }: { form: EditorForm; typed: Typed }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toggle = useToggle(form, typed)
  const providers = useQuery(providersQuery(city.slug))
  const known = providers.data?.items ?? []
  return (
    <Card title={t.sections.where} level={2}>
      <div className="stack">
        <Fieldset legend={t.categories} hint={t.categoriesHint} name="categories">
          <div className="grid grid-2">
            {CATEGORIES.map(one => <Checkbox key={one} label={t.category[one]} value={one} checked={typed.categories.includes(one)} onChange={() => toggle('categories', one)} />)}
          </div>
        </Fieldset>
        <Limits form={form} typed={typed} />
        {known.length > 0 && (
          <Fieldset legend={t.providers} hint={t.providersHint} name="providers">
            {known.map(one => <Checkbox key={one.id} label={one.name} value={one.id} checked={typed.providers.includes(one.id)} onChange={() => toggle('providers', one.id)} />)}
          </Fieldset>
        )}
      </div>
    </Card>
  )
}

/** How much one contribution may spend in a day and in a category, and all of them at one provider. */
function Limits({ form, typed }: { form: EditorForm; typed: Typed }) {
  const t = useTexts(editorTexts)
  const shown = CATEGORIES.filter(one => typed.categories.length === 0 || typed.categories.includes(one) || typed.limits[one])
  const hasLimits = shown.some(one => typed.limits[one])
  return (
    <>
      <div className="grid grid-2">
        <MoneyInput label={t.dayLimit} hint={t.noLimitHint} optional {...form.field('day_limit')} />
        <MoneyInput label={t.providerLimit} hint={t.providerLimitHint} optional {...form.field('provider_limit')} />
      </div>
      <Accordion
        items={[
          {
            title: t.categoryLimits,
            open: hasLimits,
            content: (
              <Fieldset legend={t.perAward} hint={t.noLimitHint} name="limits">
                <div className="grid grid-2">
                  {shown.map(one => <MoneyInput key={one} label={t.category[one]} optional {...form.field(`limits.${one}`)} />)}
                </div>
              </Fieldset>
            ),
          },
        ]}
      />
    </>
  )
}

function Use({ form, typed }: { form: EditorForm; typed: Typed }) {
  const t = useTexts(editorTexts)
  return (
    <Card title={t.sections.use} level={2}>
      <div className="grid grid-2">
        {typed.mode === 'credit' && <Select label={t.payable} options={PAYABLE.map(value => ({ value, label: t.payableOn[value] }))} {...form.field('payable_on')} />}
        {typed.mode === 'credit' && <Input label={t.confirmDays} chars={4} inputMode="numeric" {...form.field('order_confirm_days')} />}
        {typed.mode === 'voucher' && <Input label={t.undo} chars={4} inputMode="numeric" {...form.field('undo_minutes')} />}
      </div>
    </Card>
  )
}

function Basis({ form }: { form: EditorForm }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const staff = useQuery({
    queryKey: ['staff', city.slug],
    queryFn: () => ask(api.GET('/v1/cities/{city}/staff', { params: { path: { city: city.slug } } })),
  })
  const owners = (staff.data?.items ?? []).filter(one => one.roles.includes('programme_owner') || one.roles.includes('clerk')).map(one => ({ value: one.person, label: one.name }))
  return (
    <Card title={t.sections.basis} level={2}>
      <div className="stack">
        <Select label={t.regime} options={REGIMES.map(value => ({ value, label: t.regimes[value] }))} {...form.field('legal_regime')} />
        <Input label={t.basis} {...form.field('legal_basis')} />
        <div className="grid grid-2">
          <Input label={t.resolution} optional {...form.field('resolution_number')} />
          <DateInput label={t.resolutionOn} optional {...form.field('resolution_on')} />
        </div>
        <Select key={owners.length} label={t.owner} optional options={[{ value: '', label: t.noOwner }, ...owners]} {...form.field('owner')} />
        <div className="grid grid-3">
          <Input label={t.paragraph} optional chars={10} {...form.field('paragraph')} />
          <Input label={t.item} optional chars={10} {...form.field('item')} />
          <Input label={t.department} optional chars={10} {...form.field('department')} />
          <Input label={t.action} optional chars={10} {...form.field('action')} />
          <Input label={t.purposeMark} optional chars={10} {...form.field('purpose_mark')} />
        </div>
        <Accordion
          items={[
            {
              title: t.items,
              content: (
                <Fieldset legend={t.items} hint={t.itemsHint} name="items">
                  <div className="grid grid-2">
                    {LEGAL_FORMS.map(one => <Input key={one} label={t.legalForm[one]} optional chars={10} {...form.field(`items.${one}`)} />)}
                  </div>
                </Fieldset>
              ),
            },
          ]}
        />
      </div>
    </Card>
  )
}

/** The rules as they are typed, once they are whole and nobody types. */
function useWhole(typed: Typed): Rules | null {
  const t = useTexts(editorTexts)
  const schema = useMemo(() => rulesSchema(t), [t])
  const text = JSON.stringify(typed)
  const [whole, setWhole] = useState<Rules | null>(() => (v.is(schema, typed) ? rulesOf(typed) : null))
  useEffect(() => {
    const timer = setTimeout(() => {
      const read = JSON.parse(text) as Typed
      if (v.is(schema, read)) setWhole(rulesOf(read))
    }, QUIET_MS)
    return () => clearTimeout(timer)
  }, [text, schema])
  return whole
}

const NO_RULES = {} as Rules

function PreviewSide({ typed }: { typed: Typed }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const whole = useWhole(typed)
  const preview = useQuery({ ...previewQuery(city.slug, whole ?? NO_RULES), enabled: whole !== null, placeholderData: keepPreviousData })
  if (!preview.data) return <Card title={t.preview} level={2}><p className="soft">{t.previewWaiting}</p></Card>
  return (
    <>
      <Previewed preview={preview.data} />
      {whole && <AsCitizen rules={whole} />}
    </>
  )
}

/** The card as it will stand on the public site. */
function AsCitizen({ rules }: { rules: Rules }) {
  const t = useTexts(editorTexts)
  const amount_minor = rules.denominations_minor.reduce((sum, part) => sum + part, 0)
  const state = stateOn(rules, day())
  const programme: Programme = {
    id: 'preview', state, takes_applications: state === 'open', for_whom: [], rules_version: 1, rules, amount_minor, free_minor: 0, total_minor: 0, owner_name: '', currency: 'CZK',
  }
  return (
    <section className="stack gap-3">
      <h2>{t.asCitizen}</h2>
      <ul><ProgrammeCard programme={programme} /></ul>
    </section>
  )
}

/** Why these rules cannot be published. */
export function Barriers({ preview }: { preview: Preview }) {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const listed = (of: Preview['faults']) => <ul className="stack gap-2">{of.map(one => <li key={one.cs}>{one[language === 'cs' ? 'cs' : 'en']}</li>)}</ul>
  return (
    <>
      {preview.contradictions.length > 0 && <Callout tone="error" title={t.contradictions}>{listed(preview.contradictions)}</Callout>}
      {preview.faults.length > 0 && <Callout tone="error" title={t.faults}>{listed(preview.faults)}</Callout>}
    </>
  )
}

export function RuleSentences({ of }: { of: Preview['sentences'] }) {
  const language = useLanguage()
  return <ul className="rule-sentences">{of.map(one => <li key={one.field}>{one[language === 'cs' ? 'cs' : 'en']}</li>)}</ul>
}

function Previewed({ preview }: { preview: Preview }) {
  const t = useTexts(editorTexts)
  const language = useLanguage()
  const words = (one: { cs: string; en: string }) => (language === 'cs' ? one.cs : one.en)
  return (
    <>
      <Barriers preview={preview} />
      <Card title={t.preview} level={2}><RuleSentences of={preview.sentences} /></Card>
      <Card title={t.tried} level={2}>
        <ul className="tried">
          {preview.tried.map(one => (
            <li key={one.label}>
              <div className="split">
                <span>{one.label}<span className="small soft"> · {t.bornOn(date(one.birth_date))}</span></span>
                <Status tone={one.passes ? 'success' : 'error'}>{one.passes ? t.passes : t.passesNot}</Status>
              </div>
              {!one.passes && <p className="small soft">{one.conditions.filter(condition => condition.verdict === 'not_met').map(words).join(' ')}</p>}
            </li>
          ))}
        </ul>
      </Card>
    </>
  )
}
