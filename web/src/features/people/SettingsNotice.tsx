import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import * as v from 'valibot'
import { useCity } from '@/lib/city'
import { date } from '@/lib/format'
import { filled, useForm } from '@/lib/form'
import { useTexts } from '@/lib/texts'
import { Accordion } from '@/ui/Accordion'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { Loaded } from '@/ui/Waiting'
import { settingsTexts } from './admin.texts'
import { NoticeText } from './NoticeText'
import { noticesQuery, useSettingsActs } from './settings.calls'
import { SettingsPage } from './SettingsPage'
import './registration.css'

const NOTICE_MAX = 20_000

export default function SettingsNotice() {
  const t = useTexts(settingsTexts)
  const notices = useQuery(noticesQuery(useCity().slug))
  return (
    <SettingsPage lead={t.noticeLead}>
      <Loaded query={notices}>
        {({ items }) => (
          <>
            <Accordion
              items={items.map((notice, i) => ({
                title: <span className="row">{t.versionNo(notice.version)} <span className="small soft">{t.published(date(notice.published_on))}</span> {i === 0 && <Tag tone="success">{t.currentVersion}</Tag>}</span>,
                content: <NoticeText text={notice.cs} lang="cs" />,
              }))}
            />
            <Section title={t.newVersion}><NewNotice key={items[0]?.version} cs={items[0]?.cs ?? ''} en={items[0]?.en ?? ''} /></Section>
          </>
        )}
      </Loaded>
    </SettingsPage>
  )
}

function NewNotice({ cs, en }: { cs: string; en: string }) {
  const t = useTexts(settingsTexts)
  const { publishNotice } = useSettingsActs(useCity().slug)
  const toast = useToast()
  const schema = useMemo(() => v.object({ cs: filled(t.textMissing, NOTICE_MAX), en: v.pipe(v.string(), v.trim(), v.maxLength(NOTICE_MAX)) }), [t])
  const form = useForm({
    schema,
    defaults: { cs, en },
    send: async values => {
      const made = await publishNotice(values.cs, values.en)
      toast(t.publishedNow(made.version))
    },
  })
  return (
    <div className="notice-box">
      <Card>
        <Form form={form} wide>
          <Textarea label={t.textCs} hint={t.textCsHint} rows={12} {...form.field('cs')} />
          <Textarea label={t.textEn} hint={t.textCsHint} optional rows={12} {...form.field('en')} />
          <Button submit look="primary" busy={form.isBusy}>{t.publish}</Button>
        </Form>
      </Card>
    </div>
  )
}
