import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import chart from '~icon/bar-chart'
import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Button, LinkButton } from '@/ui/Button'
import { Callout } from '@/ui/Callout'
import { Dialog } from '@/ui/Dialog'
import { Breadcrumbs, Page } from '@/ui/Page'
import { StateTag, type ProgrammeState } from '@/ui/ProgrammeState'
import { useToast } from '@/ui/Toast'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { BudgetCard } from './Budget'
import { previewQuery, rulesQuery, useProgrammeActs, type ProgrammeForStaff, type Rules, type StepName } from './calls'
import { editorTexts } from './editor.texts'
import { Own, ownText } from './parts'
import { useMayEdit } from './ProgrammesAdmin'
import { Barriers, RulesEditor, RulesRead, RuleSentences } from './RulesEditor'

/** One programme at the town hall: its state, budget with signatures, and rules. */
export default function ProgrammeAdmin() {
  const city = useCity()
  const { id = '' } = useParams()
  const query = useQuery({ ...rulesQuery(city.slug, id), refetchOnWindowFocus: false })
  return <Loaded screen query={query} waiting={<Skeleton lines={10} />}>{programme => <Edited programme={programme} />}</Loaded>
}

const NEXT: Partial<Record<ProgrammeState, StepName>> = { draft: 'publish', paused: 'resume', scheduled: 'pause', open: 'pause', exhausted: 'pause', closed: 'archive' }

function Edited({ programme }: { programme: ProgrammeForStaff }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const mayEdit = useMayEdit()
  const acts = useProgrammeActs(city.slug, programme.id)
  const isOver = programme.state === 'closed' || programme.state === 'archived'
  const save = async (rules: Rules) => {
    const saved = await acts.save(programme, rules)
    toast(t.saved)
    return saved.rules
  }
  const step = NEXT[programme.state]
  const [asked, setAsked] = useState<Asked | null>(null)
  const askToPublish = (refuse: Asked['refuse']) => setAsked({ seen: acts.now() ?? programme, refuse })
  return (
    <Page
      heading={<Own of={programme.rules.name} />}
      title={ownText(programme.rules.name)}
      tag={<StateTag state={programme.state} />}
      lead={t.version(programme.rules_version)}
      above={<Breadcrumbs crumbs={[{ label: t.heading, href: '/programy' }, { label: ownText(programme.rules.name) }]} />}
      actions={
        <>
          {programme.published_at && <LinkButton icon={chart} href={`/exporty/program/${programme.id}`}>{t.figures}</LinkButton>}
          {mayEdit && step && step !== 'publish' && <StepButton programme={programme} step={step} />}
        </>
      }
    >
      <div className="stack gap-5">
        <BudgetCard programme={programme} mayPropose={mayEdit && !isOver} />
        {mayEdit && !isOver ? (
          <>
            {programme.published_at && <Callout tone="info">{t.newVersion}</Callout>}
            <RulesEditor
              key={programme.id}
              name={`programme.${programme.id}`}
              rules={programme.rules}
              save={save}
              label={t.save}
              quiet={step === 'resume'}
              {...(step === 'publish' && { publish: askToPublish })}
            />
            {asked && <Publishing {...asked} onClose={() => setAsked(null)} />}
          </>
        ) : (
          <RulesRead rules={programme.rules} />
        )}
      </div>
    </Page>
  )
}

interface Asked {
  seen: ProgrammeForStaff
  /** Shows the town's refusal on the fields that it names. */
  refuse: (thrown: unknown) => void
}

/** What everybody will read, before they can: of the version that the press then publishes, and of no other. */
function Publishing({ seen, refuse, onClose }: Asked & { onClose: () => void }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const { step: take } = useProgrammeActs(city.slug, seen.id)
  const preview = useQuery(previewQuery(city.slug, seen.rules))
  const { rules } = seen
  const isBarred = !preview.data || !seen.total_minor || preview.data.faults.length + preview.data.contradictions.length > 0
  const refused = (thrown: unknown) => {
    onClose()
    refuse(thrown)
  }
  const go = () => void take.mutateAsync({ v: seen.v, step: 'publish' }).then(() => { onClose(); toast(t.done.publish) }, refused)
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.publishTitle}
      actions={
        <>
          <Button autoFocus onClick={onClose}>{t.keep}</Button>
          <Button look="primary" busy={take.isPending} disabled={isBarred} onClick={go}>{t.steps.publish}</Button>
        </>
      }
    >
      <div className="stack">
        <Loaded query={preview}>{data => <Barriers preview={data} />}</Loaded>
        {!seen.total_minor && <Callout tone="error" title={t.faults}><p>{t.publishUnsigned}</p></Callout>}
        <p>{t.publishText}</p>
        <p className="strong">{t.publishMoney(seen.amount_minor, seen.total_minor)}</p>
        <RuleSentences of={seen.sentences} />
        <p className="small soft">{t.publishBasis(rules.legal_basis, rules.resolution_number, rules.resolution_on ?? '')}</p>
      </div>
    </Dialog>
  )
}

function StepButton({ programme, step }: { programme: ProgrammeForStaff; step: Exclude<StepName, 'publish'> }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const [asks, setAsks] = useState(false)
  const { step: take } = useProgrammeActs(city.slug, programme.id)
  const go = () => void take.mutateAsync({ v: programme.v, step }).then(() => { setAsks(false); toast(t.done[step]) }, () => undefined)
  const words = { pause: [t.pauseTitle, t.pauseText], resume: [t.resumeTitle, t.resumeText], archive: [t.archiveTitle, t.archiveText] }[step]
  return (
    <>
      <Button look={step === 'resume' ? 'primary' : 'secondary'} onClick={() => setAsks(true)}>{t.steps[step]}</Button>
      <Dialog
        open={asks}
        onClose={() => setAsks(false)}
        title={words[0]}
        actions={
          <>
            <Button autoFocus onClick={() => setAsks(false)}>{t.keep}</Button>
            <Button look="primary" busy={take.isPending} onClick={go}>{t.steps[step]}</Button>
          </>
        }
      >
        {take.error && <ProblemCallout problem={take.error} />}
        <p>{words[1]}</p>
      </Dialog>
    </>
  )
}
