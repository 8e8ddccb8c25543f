import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { money, number } from '@/lib/format'
import { useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { applyTheme, contrast, isColour, themeSteps } from '@/lib/theme'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Input } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { settingsTexts } from './admin.texts'
import { settingsQuery, useSettingsActs, type Settings } from './settings.calls'
import { SettingsPage } from './SettingsPage'
import './look.css'
import './registration.css'

export default function SettingsLook() {
  const t = useTexts(settingsTexts)
  const settings = useQuery(settingsQuery(useCity().slug))
  return <SettingsPage lead={t.lookLead}><Loaded query={settings}>{known => <Look key={known.v} known={known} />}</Loaded></SettingsPage>
}

function Look({ known }: { known: Settings }) {
  const t = useTexts(settingsTexts)
  const city = useCity()
  const { amend } = useSettingsActs(city.slug)
  const toast = useToast()
  const schema = useMemo(() => v.object({ colour: v.pipe(v.string(), v.trim(), v.toLowerCase(), v.regex(/^#[0-9a-f]{6}$/, t.colourWrong)) }), [t])
  const form = useForm({
    schema,
    defaults: { colour: known.colour },
    send: async ({ colour }) => {
      await amend(known.v, { colour })
      toast(t.saved)
    },
  })
  const typed = form.watch('colour')
  const colour = isColour(typed) ? typed : known.colour
  return (
    <div className="grid grid-2">
      <Card>
        <Form form={form}>
          <div className="look-fields">
            <Input label={t.colour} hint={t.colourHint} chars={10} autoComplete="off" {...form.field('colour')} />
            <input type="color" className="look-swatch" aria-label={t.colour} value={colour} onChange={event => form.setValue('colour', event.target.value, { shouldDirty: true, shouldValidate: true })} />
          </div>
          <Button submit look="primary" busy={form.isBusy}>{t.saveLook}</Button>
        </Form>
      </Card>
      <Preview colour={colour} name={known.name} />
    </div>
  )
}

/** The town's own words in the colour that is being chosen. */
function Preview({ colour, name }: { colour: string; name: string }) {
  const t = useTexts(settingsTexts)
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (ref.current) applyTheme(colour, ref.current)
  }, [colour])
  const ratio = contrast(themeSteps(colour)[600], '#ffffff')
  return (
    <Card title={t.preview} level={2}>
      <div ref={ref} className="look-preview stack">
        <div className="look-band"><span className="strong">{name}</span></div>
        <p className="small soft">{t.previewCredit}</p>
        <p className="figure">{money(80_000)}</p>
        <div><Tag tone="info">{t.previewTag}</Tag></div>
        <div className="row"><span className="look-button">{t.previewButton}</span><span className="look-link">{t.previewLink}</span></div>
      </div>
      <p className="small soft">{t.contrast(number(ratio, { maximumFractionDigits: 1 }))}</p>
    </Card>
  )
}
