import './tills.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import * as v from 'valibot'
import phone from '~icon/phone'
import plus from '~icon/plus-lg'
import { useCity, useProviderHere } from '@/lib/city'
import { filled, useForm } from '@/lib/form'
import { dateTime, time } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { CardList, ListRow } from '@/ui/Card'
import { Dialog } from '@/ui/Dialog'
import { Input, Select } from '@/ui/Field'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { QrView } from '@/ui/Qr'
import { useToast } from '@/ui/Toast'
import { EmptyState, Loaded, ProblemCallout } from '@/ui/Waiting'
import { branchesQuery, offerPairing, renameTill, revokeTill, tillsQuery, type Pairing, type Till } from './calls'
import { tillTexts } from './texts'

type Open = { what: 'add' } | { what: 'rename' | 'revoke'; till: Till } | null

/** The provider's paired devices; its owner adds and removes them. */
export default function Tills() {
  const t = useTexts(tillTexts)
  const city = useCity()
  const provider = useProviderHere()
  const client = useQueryClient()
  const [open, setOpen] = useState<Open>(null)
  const tills = useQuery({ ...tillsQuery(city.slug, provider.id), refetchInterval: open?.what === 'add' ? 3_000 : false })
  const isOwner = provider.role === 'owner'
  const close = () => {
    setOpen(null)
    void client.invalidateQueries({ queryKey: ['tills', city.slug, provider.id] })
  }
  const add = isOwner && <Button look="primary" icon={plus} onClick={() => setOpen({ what: 'add' })}>{t.add}</Button>
  return (
    <Page heading={t.heading} lead={t.lead} actions={add}>
      <Loaded query={tills}>
        {({ items }) =>
          items.length ? (
            <CardList label={t.heading}>
              {items.map(till => <Row key={till.id} till={till} isOwner={isOwner} onOpen={setOpen} />)}
            </CardList>
          ) : (
            <EmptyState icon={phone} title={t.none}>{t.noneWhy}</EmptyState>
          )
        }
      </Loaded>
      <Dialog open={open?.what === 'add'} onClose={close} title={t.add}><Add onDone={close} /></Dialog>
      <Dialog open={open?.what === 'rename'} onClose={close} title={t.rename}>{open?.what === 'rename' && <Rename till={open.till} onDone={close} />}</Dialog>
      {open?.what === 'revoke' && <Revoke till={open.till} onDone={close} />}
    </Page>
  )
}

function Row({ till, isOwner, onOpen }: { till: Till; isOwner: boolean; onOpen: (open: Open) => void }) {
  const t = useTexts(tillTexts)
  return (
    <ListRow
      title={till.name}
      meta={[t.pairedAt(dateTime(till.paired_at)), till.cashier && t.cashier(till.cashier)].filter(Boolean).join(' · ')}
      aside={
        isOwner && (
          <div className="buttons">
            <Button look="quiet" onClick={() => onOpen({ what: 'rename', till })}>{t.rename}</Button>
            <Button look="danger-quiet" onClick={() => onOpen({ what: 'revoke', till })}>{t.revoke}</Button>
          </div>
        )
      }
    />
  )
}

function Add({ onDone }: { onDone: () => void }) {
  const t = useTexts(tillTexts)
  const city = useCity()
  const provider = useProviderHere()
  const [pairing, setPairing] = useState<Pairing | null>(null)
  const branches = useQuery(branchesQuery(city.slug, provider.id))
  if (pairing) return <Code pairing={pairing} onDone={onDone} />
  return (
    <Loaded query={branches}>
      {({ branches: all }) => {
        const open = all.filter(branch => !branch.closed)
        return open.length ? <NewTill branches={open} onMade={setPairing} /> : <p>{t.noBranch}</p>
      }}
    </Loaded>
  )
}

function NewTill({ branches, onMade }: { branches: readonly { id: string; name: string }[]; onMade: (pairing: Pairing) => void }) {
  const t = useTexts(tillTexts)
  const city = useCity()
  const provider = useProviderHere()
  const schema = useMemo(() => v.object({ name: filled(t.nameNeeded, 60), branch: filled(t.branchNeeded) }), [t])
  const form = useForm({
    schema,
    defaults: { name: '', branch: branches[0]?.id ?? '' },
    send: async body => onMade(await offerPairing(city.slug, { provider: provider.id, ...body })),
  })
  return (
    <Form form={form}>
      <Input label={t.name} hint={t.nameHint} {...form.field('name')} />
      <Select label={t.branch} options={branches.map(({ id, name }) => ({ value: id, label: name }))} {...form.field('branch')} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.makeCode}</Button></div>
    </Form>
  )
}

function Code({ pairing, onDone }: { pairing: Pairing; onDone: () => void }) {
  const t = useTexts(tillTexts)
  return (
    <div className="stack">
      <p>{t.codeHow} {t.codeUntil(time(pairing.expires_at))}</p>
      <QrView value={pairing.link} code={pairing.code} />
      <p className="pairing-code"><span className="soft">{t.codeTyped}</span><strong className="nowrap">{pairing.code}</strong></p>
      <Button look="primary" wide onClick={onDone}>{t.done}</Button>
    </div>
  )
}

function Rename({ till, onDone }: { till: Till; onDone: () => void }) {
  const t = useTexts(tillTexts)
  const city = useCity()
  const toast = useToast()
  const schema = useMemo(() => v.object({ name: filled(t.nameNeeded, 60) }), [t])
  const form = useForm({
    schema,
    defaults: { name: till.name },
    send: async ({ name }) => {
      await renameTill(city.slug, till, name)
      toast(t.renamed)
      onDone()
    },
  })
  return (
    <Form form={form}>
      <Input label={t.name} {...form.field('name')} />
      <div className="buttons"><Button submit look="primary" busy={form.isBusy}>{t.save}</Button></div>
    </Form>
  )
}

function Revoke({ till, onDone }: { till: Till; onDone: () => void }) {
  const t = useTexts(tillTexts)
  const city = useCity()
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const revoke = async () => {
    setBusy(true)
    try {
      await revokeTill(city.slug, till.id)
      toast(t.revoked)
      onDone()
    } catch (thrown) {
      setProblem(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onDone}
      title={t.revokeAsk(till.name)}
      actions={
        <>
          <Button look="danger" busy={isBusy} onClick={() => void revoke()}>{t.revokeYes}</Button>
          <Button autoFocus onClick={onDone}>{t.revokeNo}</Button>
        </>
      }
    >
      <p>{t.revokeEffect}</p>
      {problem !== null && <ProblemCallout problem={problem} />}
    </Dialog>
  )
}
