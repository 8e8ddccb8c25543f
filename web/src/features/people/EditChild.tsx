import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { useCity } from '@/lib/city'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Breadcrumbs, Page } from '@/ui/Page'
import { useToast } from '@/ui/Toast'
import { Loaded, ProblemCallout } from '@/ui/Waiting'
import { childQuery, useHouseholdActs, type Child } from './calls'
import { ChildForm, type ChildFilled } from './ChildForm'
import { familyTexts } from './household.texts'

export default function EditChild() {
  const { id = '' } = useParams()
  const child = useQuery(childQuery(useCity().slug, id))
  return <Loaded screen query={child}>{known => <Edit key={known.v} child={known} />}</Loaded>
}

function Edit({ child }: { child: Child }) {
  const t = useTexts(familyTexts)
  const city = useCity()
  const { amendChild } = useHouseholdActs(city.slug)
  const [, go] = useLocation()
  const toast = useToast()
  const [isLeaving, setLeaving] = useState(false)
  const name = `${child.given_names} ${child.surname}`
  const { given_names, surname, birth_date, address } = child
  const send = async (changed: ChildFilled) => {
    await amendChild(child.id, child.v, changed)
    toast(t.saved)
    go('/domacnost')
  }
  return (
    <Page heading={name} lead={t.editLead} above={<Breadcrumbs crumbs={[{ label: t.household, href: '/domacnost' }, { label: name }]} />}>
      <ChildForm start={{ given_names, surname, birth_date, address }} submit={t.save} send={send} />
      <div className="buttons"><Button look="danger-quiet" onClick={() => setLeaving(true)}>{t.remove}</Button></div>
      <RemoveChild open={isLeaving} close={() => setLeaving(false)} id={child.id} name={name} />
    </Page>
  )
}

function RemoveChild({ open, close, id, name }: { open: boolean; close: () => void; id: string; name: string }) {
  const t = useTexts(familyTexts)
  const city = useCity()
  const { removeChild } = useHouseholdActs(city.slug)
  const [, go] = useLocation()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const remove = async () => {
    setBusy(true)
    try {
      await removeChild(id)
      toast(t.removed)
      go('/domacnost')
    } catch (thrown) {
      setProblem(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t.removeTitle(name)}
      actions={
        <>
          <Button look="danger" busy={busy} onClick={() => void remove()}>{t.removeAct}</Button>
          <Button look="neutral" autoFocus onClick={close}>{t.keep}</Button>
        </>
      }
    >
      {problem ? <ProblemCallout problem={problem} /> : <p>{t.removeWhat}</p>}
    </Dialog>
  )
}
