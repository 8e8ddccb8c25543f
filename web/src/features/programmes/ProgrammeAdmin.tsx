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
import { useToast } from '@/ui/Toast'
import { Loaded, ProblemCallout, Skeleton } from '@/ui/Waiting'
import { BudgetCard } from './Budget'
import { rulesQuery, useProgrammeActs, type ProgrammeForStaff, type ProgrammeState, type Rules, type StepName } from './calls'
import { editorTexts } from './editor.texts'
import { Own, StateTag, ownText } from './parts'
import { useMayEdit } from './ProgrammesAdmin'
import { RulesEditor, RulesRead } from './RulesEditor'

/** One programme at the town hall: its state, budget with signatures, and rules. */
export default function ProgrammeAdmin() {
  const city = useCity()
  const { id = '' } = useParams()
  const query = useQuery({ ...rulesQuery(city.slug, id), refetchOnWindowFocus: false })
  return <Loaded query={query} waiting={<Skeleton lines={10} />}>{programme => <Edited programme={programme} />}</Loaded>
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
    await acts.save(programme.v, rules)
    toast(t.saved)
  }
  const step = NEXT[programme.state]
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
          {mayEdit && step && <StepButton programme={programme} step={step} />}
        </>
      }
    >
      <div className="stack gap-5">
        <BudgetCard programme={programme} mayPropose={mayEdit && !isOver} />
        {mayEdit && !isOver ? (
          <>
            {programme.published_at && <Callout tone="info">{t.newVersion}</Callout>}
            <RulesEditor key={`${programme.id}.${programme.v}`} rules={programme.rules} save={save} label={t.save} quiet={step === 'publish' || step === 'resume'} />
          </>
        ) : (
          <RulesRead rules={programme.rules} />
        )}
      </div>
    </Page>
  )
}

function StepButton({ programme, step }: { programme: ProgrammeForStaff; step: StepName }) {
  const t = useTexts(editorTexts)
  const city = useCity()
  const toast = useToast()
  const [asks, setAsks] = useState(false)
  const { step: take } = useProgrammeActs(city.slug, programme.id)
  const go = () => take.mutate({ v: programme.v, step }, { onSuccess: () => { setAsks(false); toast(t.done[step]) } })
  const words = { publish: [t.publishTitle, t.publishText], pause: [t.pauseTitle, t.pauseText], resume: [t.resumeTitle, t.resumeText], archive: [t.archiveTitle, t.archiveText] }[step]
  return (
    <>
      <Button look={step === 'publish' || step === 'resume' ? 'primary' : 'secondary'} onClick={() => setAsks(true)}>{t.steps[step]}</Button>
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
