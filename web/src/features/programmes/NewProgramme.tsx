import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { type City, useCity } from '@/lib/city'
import { forgetDraft } from '@/lib/draft'
import { day } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { createProgramme, type Rules } from './calls'
import { editorTexts } from './editor.texts'
import { RulesEditor } from './RulesEditor'

const NAME = 'programme.new'
const DAY_MS = 86_400_000
const later = (days: number) => day(new Date(Date.now() + days * DAY_MS))

/** A draft with what most programmes of this town have. */
export default function NewProgramme() {
  const t = useTexts(editorTexts)
  const city = useCity()
  const client = useQueryClient()
  const toast = useToast()
  const [, go] = useLocation()
  const rules = useMemo(() => blank(city), [city])
  const create = async (typed: Rules) => {
    const made = await createProgramme(city.slug, typed)
    await client.invalidateQueries({ queryKey: ['programmes', city.slug] })
    forgetDraft(NAME)
    toast(t.created)
    go(`/programy/${made.id}`)
    return made.rules
  }
  return (
    <Page heading={t.newHeading} lead={t.newLead} above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/programy' }, { label: t.newHeading }]} />}>
      <RulesEditor isNew name={NAME} rules={rules} save={create} label={t.create} />
    </Page>
  )
}

const NOTHING = { cs: '', en: '' }

/** The town's settings are what a new programme begins with. */
function blank(city: City): Rules {
  const code = city.city_part_code || city.municipality_code
  return {
    name: NOTHING,
    purpose: NOTHING,
    text: NOTHING,
    topic: 'sport',
    legal_basis: '',
    legal_regime: city.legal_regime,
    resolution_number: '',
    resolution_on: null,
    owner: '',
    coordinates: { paragraph: '', item: '', department: '', action: '', purpose_mark: '', items: {} },
    mode: 'credit',
    denominations_minor: [],
    applications_from: later(14),
    applications_to: later(74),
    spending_from: later(14),
    spending_to: later(134),
    days_to_spend: null,
    days_to_decide: 30,
    who: { born_from: null, born_to: null, age_min: null, age_max: null, age_on: null, residence_codes: [code], residence_kinds: ['permanent_residence'], one_per_household: false },
    decides: 'clerk',
    waiting_list: true,
    providers: [],
    categories: [],
    day_limit_minor: 0,
    category_limits: {},
    provider_limit_minor: null,
    max_per_person_minor: 0,
    min_price_minor: 0,
    remainder: 'stays',
    single_use: false,
    payable_on: 'start',
    order_confirm_days: city.order_confirm_days,
    undo_minutes: city.undo_window_minutes,
    documents: null,
    second_proof: false,
  }
}
