import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import stop from '~icon/pause-circle'
import play from '~icon/play-circle'
import { asProblem } from '@/lib/api/problem'
import { useCity } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { dateTime } from '@/lib/format'
import { hasAnyRole, useSession } from '@/lib/session'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Card } from '@/ui/Card'
import { DataTable, type Column } from '@/ui/DataTable'
import { Dialog } from '@/ui/Dialog'
import { RadioGroup, Select, Textarea } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Section } from '@/ui/Page'
import { Status } from '@/ui/Tag'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { BooksPage } from './BooksPage'
import { freezesQuery, turnsQuery, useFreezeActs, WHATS, type Freeze, type Turn, type What } from './calls'
import { freezeTexts } from './freezes.texts'
import { optionsOf, tillsQuery, useNames, type Names } from './names'
import { usePages } from './pages'
import { FREEZES, LETS_GO, READS_PROOFS } from './roles'

const HISTORY_PAGE = 10

/** What is stopped now, and the switches. */
export default function Freezes() {
  const t = useTexts(freezeTexts)
  const city = useCity()
  const { session } = useSession()
  const names = useNames(city.slug)
  const freezes = useQuery(freezesQuery(city.slug))
  const mayStop = hasAnyRole(session, city.slug, FREEZES)
  const mayLetGo = hasAnyRole(session, city.slug, LETS_GO)
  return (
    <BooksPage heading={t.heading} lead={t.lead}>
      <Section title={t.now}>
        <Loaded query={freezes}>
          {({ items }) =>
            items.length > 0 ? (
              <ul className="stack gap-3">{items.map(freeze => <li key={freeze.what + freeze.id}><Frozen freeze={freeze} names={names} may={mayLetGo} /></li>)}</ul>
            ) : (
              <Card><EmptyState title={t.nothing}>{t.nothingWhy}</EmptyState></Card>
            )
          }
        </Loaded>
      </Section>
      {mayStop && <Section title={t.stop}><Stop names={names} /></Section>}
      <p className="small soft">{t.whoMay}</p>
      {hasAnyRole(session, city.slug, READS_PROOFS) && <Section title={t.history}><History names={names} /></Section>}
    </BooksPage>
  )
}

function nameOf({ what, id, name }: { what: What; id: string; name?: string }, names: Names, t: (typeof freezeTexts)['cs']): string {
  if (what === 'town') return t.what.town
  const known = name || (what === 'programme' ? names.programmes.get(id) : what === 'provider' ? names.providers.get(id) : undefined)
  return `${t.what[what]}: ${known ?? id}`
}

function Frozen({ freeze, names, may }: { freeze: Freeze; names: Names; may: boolean }) {
  const t = useTexts(freezeTexts)
  const [isAsked, setAsked] = useState(false)
  const name = nameOf(freeze, names, t)
  return (
    <Callout tone="warning" title={name} action={may && <Button aria-label={t.resumeOf(name)} onClick={() => setAsked(true)}>{t.resume}</Button>}>
      <p>{freeze.reason}</p>
      <p className="small soft">{t.by(freeze.by_name || t.nightly, dateTime(freeze.at))}</p>
      <Dialog open={isAsked} onClose={() => setAsked(false)} title={t.resumeOf(name)}>
        <Resume freeze={freeze} name={name} close={() => setAsked(false)} />
      </Dialog>
    </Callout>
  )
}

function Resume({ freeze, name, close }: { freeze: Freeze; name: string; close: () => void }) {
  const t = useTexts(freezeTexts)
  const city = useCity()
  const toast = useToast()
  const { unfreeze } = useFreezeActs(city.slug)
  const schema = useMemo(() => v.object({ reason: filled(t.resumeReasonMissing) }), [t])
  const form = useForm({
    schema,
    defaults: { reason: '' },
    send: async ({ reason }) => {
      await unfreeze({ what: freeze.what, id: freeze.id, reason })
      toast(t.resumed(name))
      close()
    },
  })
  return (
    <Form form={form}>
      <p>{t.resumeEffect}</p>
      {!freeze.by_name && <p className="strong">{t.resumeDifference}</p>}
      <Textarea label={t.reason} hint={t.resumeReasonHint} rows={2} {...form.field('reason')} />
      <div className="buttons">
        <Button submit look="danger" busy={form.isBusy}>{t.resume}</Button>
        <Button onClick={close}>{t.keepStopped}</Button>
      </div>
    </Form>
  )
}

/** Every turn of a switch, newest first. */
function History({ names }: { names: Names }) {
  const t = useTexts(freezeTexts)
  const city = useCity()
  const { query, table } = usePages(HISTORY_PAGE)
  const list = useQuery({ ...turnsQuery(city.slug, query), placeholderData: keepPreviousData })
  const columns: Column<Freeze>[] = [
    { key: 'at', head: t.at, phone: 'plain', cell: turn => dateTime(turn.at) },
    { key: 'turn', head: t.turn, phone: 'aside', cell: turn => <Status tone={turn.on ? 'warning' : 'success'} icon={turn.on ? stop : play}>{turn.on ? t.turnedOn : t.turnedOff}</Status> },
    { key: 'what', head: t.where, phone: 'title', cell: turn => <span className="strong">{nameOf(turn, names, t)}</span> },
    { key: 'reason', head: t.reason, cell: turn => turn.reason },
    { key: 'by', head: t.who, cell: turn => turn.by_name || t.nightly },
  ]
  return <DataTable caption={t.history} list={list} table={table} columns={columns} rowKey={turn => turn.at + turn.what + turn.id} empty={<EmptyState title={t.noHistory}>{t.noHistoryWhy}</EmptyState>} />
}

/** What, where and why; then the effect in words before it happens. */
function Stop({ names }: { names: Names }) {
  const t = useTexts(freezeTexts)
  const city = useCity()
  const [asked, setAsked] = useState<Turn | null>(null)
  const [what, setWhat] = useState<What>('till')
  const schema = useMemo(
    () =>
      v.object({
        programme: what === 'programme' ? filled(t.programmeMissing) : v.string(),
        provider: what === 'provider' || what === 'till' ? filled(t.providerMissing) : v.string(),
        till: what === 'till' ? filled(t.tillMissing) : v.string(),
        reason: filled(t.reasonMissing),
      }),
    [what, t],
  )
  const form = useForm({
    schema,
    defaults: { programme: '', provider: '', till: '', reason: '' },
    send: async typed => setAsked({ what, id: what === 'town' ? '' : typed[what], reason: typed.reason }),
  })
  const provider = form.watch('provider')
  const tills = useQuery(tillsQuery(city.slug, what === 'till' ? provider : ''))
  const some = (options: { value: string; label: string }[]) => [{ value: '', label: t.choose }, ...options]
  const tillNames = new Map(tills.data?.items.map(till => [till.id, till.name]))
  return (
    <Card>
      <Form form={form}>
        <RadioGroup
          legend={t.stopWhat}
          name="what"
          choices={WHATS.map(value => ({ value, label: t.one[value], hint: t.whatHints[value] }))}
          chosen={what}
          onChange={event => setWhat(event.target.value as What)}
        />
        {what === 'programme' && names.programmes.size > 0 && <Select label={t.programme} options={some(optionsOf(names.programmes))} {...form.field('programme')} />}
        {(what === 'provider' || what === 'till') && names.providers.size > 0 && <Select label={t.provider} options={some(optionsOf(names.providers))} {...form.field('provider')} />}
        {what === 'till' && (
          <Select key={provider + tillNames.size} label={t.till} hint={tills.data && tillNames.size === 0 ? t.noTills : undefined} options={some(optionsOf(tillNames))} {...form.field('till')} />
        )}
        <Textarea label={t.reason} hint={t.reasonHint} rows={3} {...form.field('reason')} />
        <div className="buttons"><Button submit look="danger" icon={stop}>{t.next}</Button></div>
      </Form>
      {asked && <Confirm asked={asked} name={nameOf({ ...asked, name: tillNames.get(asked.id) }, names, t)} close={() => setAsked(null)} done={() => form.hook.reset()} />}
    </Card>
  )
}

function Confirm({ asked, name, close, done }: { asked: Turn; name: string; close: () => void; done: () => void }) {
  const t = useTexts(freezeTexts)
  const city = useCity()
  const toast = useToast()
  const { freeze } = useFreezeActs(city.slug)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const go = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await freeze(asked)
      toast(t.stopped(name))
      done()
      close()
    } catch (thrown) {
      setProblem(asProblem(thrown))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={close}
      title={t.stopTitles[asked.what]}
      actions={
        <>
          <Button look="danger" busy={isBusy} onClick={() => void go()}>{t.stopTitles[asked.what]}</Button>
          <Button autoFocus onClick={close}>{t.keep}</Button>
        </>
      }
    >
      <div className="stack gap-3">
        <p className="strong">{name}</p>
        <p>{t.effects[asked.what]}</p>
        {problem !== null && <ProblemCallout problem={problem} />}
      </div>
    </Dialog>
  )
}
