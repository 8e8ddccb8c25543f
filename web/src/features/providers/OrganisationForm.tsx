import { useMemo } from 'react'
import * as v from 'valibot'
import { api, ask, ifMatch } from '@/lib/api/client'
import { useCity } from '@/lib/city'
import { email, filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Checkbox, Fieldset, Input, Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { useToast } from '@/ui/Toast'
import { versionOf, type Provider } from './calls'
import { useReread } from './saving'
import { ownTexts, wordTexts } from './texts'

const CATEGORIES_MAX = 5

/** What a provider says of itself. */
export function OrganisationForm({ provider }: { provider: Provider }) {
  const t = useTexts(ownTexts)
  const words = useTexts(wordTexts)
  const city = useCity()
  const toast = useToast()
  const reread = useReread(provider.id)
  const schema = useMemo(
    () =>
      v.object({
        name: filled(t.contactNeeded), email: email(t.emailWrong), phone: v.pipe(v.string(), v.trim(), v.regex(/^[+0-9 ]*$/, t.phoneWrong)),
        web: v.pipe(v.string(), v.trim(), v.regex(/^(https?:\/\/\S+)?$/, t.webWrong)), about: v.pipe(v.string(), v.trim()),
        categories: v.pipe(v.array(v.string()), v.maxLength(CATEGORIES_MAX, t.categoriesMax)),
      }),
    [t],
  )
  const { contact } = provider
  const form = useForm({
    schema,
    defaults: { name: contact.name, email: contact.email, phone: contact.phone, web: contact.web, about: provider.about, categories: provider.categories as string[] },
    send: async ({ about, categories, ...rest }) => {
      const path = { city: city.slug, id: provider.id }
      const body = { contact: rest, about, categories: categories as Provider['categories'] }
      await reread(await ask(api.PATCH('/v1/cities/{city}/providers/{id}', { params: { path, header: ifMatch(versionOf(provider)) }, body })))
      toast(t.saved)
    },
  })
  const { error, ...categories } = form.field('categories')
  return (
    <Card title={t.contact}>
      <Form form={form} wide>
        <div className="grid grid-2">
          <Input label={t.contactName} maxLength={200} {...form.field('name')} />
          <Input label={t.email} type="email" {...form.field('email')} />
          <Input label={t.phone} type="tel" optional maxLength={30} {...form.field('phone')} />
          <Input label={t.web} type="url" optional maxLength={200} {...form.field('web')} />
        </div>
        <Textarea label={t.about} optional maxLength={4000} {...form.field('about')} />
        <Fieldset legend={t.categories} hint={t.categoriesHint} error={error} optional name="categories">
          <div className="choices-two">
            {Object.entries(words.categories).map(([value, label]) => <Checkbox key={value} {...categories} value={value} label={label} />)}
          </div>
        </Fieldset>
        <div className="buttons"><Button submit look="secondary" busy={form.isBusy}>{t.save}</Button></div>
      </Form>
    </Card>
  )
}
