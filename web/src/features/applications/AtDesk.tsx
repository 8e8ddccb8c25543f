import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import hourglass from '~icon/hourglass-split'
import { api, ask } from '@/lib/api/client'
import { asProblem, type Problem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { age, ageOn } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Checkbox } from '@/ui/Field'
import { Breadcrumbs, Page, Section } from '@/ui/Page'
import { Tag } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { Upload } from '@/ui/Upload'
import { EmptyState, Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { DOCUMENT_TYPES, applicationQuery, programmesQuery, startApplication, useApplicationActs, type Candidate, type Programme } from './calls'
import { DOCUMENT_BYTES_MAX } from './limits'
import { Own, StateTag, ownText } from './parts'
import { deskTexts } from './desk.texts'

/** An assistant applies for somebody who came to the counter. */
export default function AtDesk() {
  const t = useTexts(deskTexts)
  const city = useCity()
  const { person = '' } = useParams()
  const query = { person }
  const path = { city: city.slug }
  const candidates = useQuery({
    queryKey: ['candidates', city.slug, 'desk', person],
    queryFn: () => ask(api.GET('/v1/cities/{city}/candidates', { params: { path, query } })),
    staleTime: 0,
  })
  const programmes = useQuery(programmesQuery(city.slug))
  const name = candidates.data?.items.find(one => one.for_self)?.name ?? ''
  return (
    <Page heading={t.heading} lead={name && t.lead(name)} above={<Breadcrumbs crumbs={[{ label: t.person, href: `/lide/osoba/${person}` }, { label: t.heading }]} />}>
      <div className="sections">
        <Section title={t.choose}>
          <Loaded query={candidates} waiting={<Skeleton lines={5} />}>
            {({ items }) => <Choices person={person} candidates={items.filter(canTry)} programmes={programmes.data?.items ?? []} />}
          </Loaded>
        </Section>
        <Section title={t.applied}><Applied person={person} /></Section>
      </div>
    </Page>
  )
}

/** What is asked for only in the application itself does not stand against it here. */
const ASKED_LATER = ['household', 'documents']
const canTry = (one: Candidate) => one.conditions.every(condition => condition.verdict !== 'not_met' || ASKED_LATER.includes(condition.code))

interface ChoicesProps {
  person: string
  candidates: readonly Candidate[]
  programmes: readonly Programme[]
}

function Choices({ person, candidates, programmes }: ChoicesProps) {
  const t = useTexts(deskTexts)
  const [chosen, setChosen] = useState<Candidate | null>(null)
  const programmeOf = (one: Candidate) => programmes.find(programme => programme.id === one.programme)
  const programme = chosen && programmeOf(chosen)
  if (candidates.length === 0) return <EmptyState title={t.nothing}>{t.nothingWhy}</EmptyState>
  return (
    <>
      <CardList label={t.choose}>
        {candidates.map(one => {
          const about = programmeOf(one)
          const isAsked = one.conditions.some(condition => condition.verdict === 'pending' && condition.code !== 'budget')
          return (
            <ListRow
              key={`${one.programme}.${one.beneficiary}`}
              title={about ? <Own of={about.rules.name} /> : one.programme}
              meta={`${t.forWhom(one.name)}, ${age(ageOn(one.birth_date))}`}
              aside={
                <div className="row gap-3">
                  {isAsked ? <Tag tone="info" icon={hourglass}>{t.asked}</Tag> : <Tag tone="success">{t.fits}</Tag>}
                  <Button size="s" onClick={() => setChosen(one)}>{t.start}</Button>
                </div>
              }
            />
          )
        })}
      </CardList>
      {programme && <Apply key={`${chosen.programme}.${chosen.beneficiary}`} person={person} candidate={chosen} programme={programme} close={() => setChosen(null)} />}
    </>
  )
}

interface ApplyProps {
  person: string
  candidate: Candidate
  programme: Programme
  close: () => void
}

/** The draft is made by the first press; where a document is asked for, it is uploaded before the second. */
function Apply({ person, candidate, programme, close }: ApplyProps) {
  const t = useTexts(deskTexts)
  const city = useCity()
  const client = useQueryClient()
  const toast = useToast()
  const [draft, setDraft] = useState('')
  const [only, setOnly] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { rules } = programme
  const acts = useApplicationActs(city.slug, draft)
  const detail = useQuery({ ...applicationQuery(city.slug, draft), enabled: draft !== '' })
  const needsMore = draft === '' && rules.documents !== null

  const press = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const id = draft || (await start())
      if (!needsMore) await send(id)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    } finally {
      setBusy(false)
    }
  }
  const start = async () => {
    const made = await startApplication(city.slug, programme.id, candidate.beneficiary, person)
    client.setQueryData(applicationQuery(city.slug, made.application.id).queryKey, made)
    setDraft(made.application.id)
    return made.application.id
  }
  const send = async (id: string) => {
    const path = { city: city.slug, id }
    const current = await ask(api.GET('/v1/cities/{city}/applications/{id}', { params: { path } }))
    const { v, answers } = current.application
    if (rules.who.one_per_household && answers.only_of_household !== only) {
      const header = { 'If-Match': `W/"${v}"` }
      await ask(api.PUT('/v1/cities/{city}/applications/{id}/draft', { params: { path, header }, body: { ...answers, only_of_household: only } }))
    }
    const sent = await ask(api.POST('/v1/cities/{city}/applications/{id}/submission', { params: { path } }))
    await Promise.all(['candidates', 'applications-of'].map(name => client.invalidateQueries({ queryKey: [name, city.slug] })))
    toast(t.sent(sent.application.number))
    close()
  }
  return (
    <Dialog
      open
      onClose={busy ? undefined : close}
      title={t.dialog(ownText(rules.name))}
      actions={
        <>
          <Button autoFocus onClick={close}>{t.keep}</Button>
          <Button look="primary" busy={busy} onClick={() => void press()}>{needsMore ? t.start : t.send(programme.amount_minor)}</Button>
        </>
      }
    >
      <div className="stack">
        <p className="strong">{t.forWhom(candidate.name)}</p>
        <p>{t.effect(programme.amount_minor)}</p>
        {rules.documents && <p>{t.documents} <Own of={rules.documents} /></p>}
        {rules.who.one_per_household && <Checkbox name="only_of_household" label={t.household} checked={only} onChange={event => setOnly(event.target.checked)} />}
        {rules.documents && draft && (
          <Upload
            label={t.upload}
            hint={t.uploadHint}
            name="documents"
            files={detail.data?.documents ?? []}
            accept={DOCUMENT_TYPES.join(',')}
            bytesMax={DOCUMENT_BYTES_MAX}
            tooLarge={t.tooLarge}
            send={acts.sendDocument}
            remove={document => void acts.removeDocument(document)}
          />
        )}
        {problem && <ProblemCallout problem={problem} />}
      </div>
    </Dialog>
  )
}

function Applied({ person }: { person: string }) {
  const t = useTexts(deskTexts)
  const city = useCity()
  const applied = useQuery({
    queryKey: ['applications-of', city.slug, person],
    queryFn: () => ask(api.GET('/v1/cities/{city}/applications', { params: { path: { city: city.slug }, query: { person, limit: 50 } } })),
  })
  return (
    <Loaded query={applied} waiting={<Skeleton />}>
      {({ items }) =>
        items.length === 0 ? <p className="soft">{t.none}</p> : (
          <CardList label={t.applied}>
            {items.map(one => (
              <ListRow
                key={one.id}
                title={<Own of={one.programme_name} />}
                meta={[`${one.stated.given_names} ${one.stated.surname}`, one.number].filter(Boolean).join(' · ')}
                aside={<StateTag state={one.state} />}
              />
            ))}
          </CardList>
        )
      }
    </Loaded>
  )
}
