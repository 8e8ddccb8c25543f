import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import * as v from 'valibot'
import { api, ask } from '@/lib/api/client'
import { useCity, useProviderHere } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Input, Select, Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import type { Activity, ActivityForm, Category } from './calls'
import { providerTexts } from './provider.texts'
import { wordTexts } from './texts'

export interface Described {
  title: { cs: string; en: string }
  about: { cs: string; en: string }
  form: ActivityForm
  category: Category
  place: string
  branch: string
  age_from: number | null
  age_to: number | null
  bring: string
}

const AGE_MAX = 120
const years = (text: string) => (text.trim() === '' ? null : Number(text))

/** What an activity is: for a new one and for an edit. */
export function Description({ activity, verb, send }: { activity?: Activity; verb: string; send: (described: Described) => Promise<unknown> }) {
  const t = useTexts(providerTexts)
  const words = useTexts(wordTexts)
  const schema = useMemo(() => {
    const age = v.pipe(v.string(), v.trim(), v.check(text => text === '' || (/^\d{1,3}$/.test(text) && Number(text) <= AGE_MAX), t.ageWrong))
    return v.pipe(
      v.object({
        title: filled(t.titleNeeded), title_en: v.string(), about: v.string(), about_en: v.string(), form: v.string(), category: v.string(),
        place: filled(t.placeNeeded), branch: v.string(), age_from: age, age_to: age, bring: v.string(),
      }),
      v.forward(v.check(({ age_from, age_to }) => years(age_from) === null || years(age_to) === null || years(age_from)! <= years(age_to)!, t.agesReversed), ['age_to']),
    )
  }, [t])
  const form = useForm({
    schema,
    defaults: {
      title: activity?.title.cs ?? '', title_en: activity?.title.en ?? '', about: activity?.about.cs ?? '', about_en: activity?.about.en ?? '',
      form: activity?.form ?? 'club', category: activity?.category ?? 'sport', place: activity?.place ?? '', branch: activity?.branch ?? '',
      age_from: activity?.age_from?.toString() ?? '', age_to: activity?.age_to?.toString() ?? '', bring: activity?.bring ?? '',
    },
    send: values =>
      send({
        title: { cs: values.title, en: values.title_en },
        about: { cs: values.about, en: values.about_en },
        form: values.form as ActivityForm,
        category: values.category as Category,
        place: values.place,
        branch: values.branch,
        age_from: years(values.age_from),
        age_to: years(values.age_to),
        bring: values.bring,
      }),
  })
  return (
    <Form form={form} wide>
      <Input label={t.title} maxLength={200} {...form.field('title')} />
      <Textarea label={t.about} optional rows={5} maxLength={4000} {...form.field('about')} />
      <div className="grid grid-2">
        <Select label={t.form} options={options(words.forms)} {...form.field('form')} />
        <Select label={t.category} options={options(words.categories)} {...form.field('category')} />
        <BranchSelect {...form.field('branch')} />
        <Input label={t.place} hint={t.placeHint} maxLength={200} {...form.field('place')} />
        <Input label={t.ageFrom} optional chars={4} inputMode="numeric" {...form.field('age_from')} />
        <Input label={t.ageTo} optional chars={4} inputMode="numeric" {...form.field('age_to')} />
      </div>
      <Input label={t.bring} hint={t.bringHint} optional maxLength={200} {...form.field('bring')} />
      <Input label={t.titleEn} optional maxLength={200} {...form.field('title_en')} />
      <Textarea label={t.aboutEn} optional rows={3} maxLength={4000} {...form.field('about_en')} />
      <div className="buttons"><Button submit look="secondary" busy={form.isBusy}>{verb}</Button></div>
    </Form>
  )
}

const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

function BranchSelect(field: { name: string; error: string | undefined }) {
  const t = useTexts(providerTexts)
  const city = useCity()
  const here = useProviderHere()
  const provider = useQuery({
    queryKey: ['provider', city.slug, here.id],
    queryFn: () => ask(api.GET('/v1/cities/{city}/providers/{id}', { params: { path: { city: city.slug, id: here.id } } })),
  })
  const branches = provider.data?.branches.filter(branch => !branch.closed) ?? []
  return <Select label={t.branch} optional options={[{ value: '', label: t.noBranch }, ...branches.map(({ id, name }) => ({ value: id, label: name }))]} {...field} />
}
