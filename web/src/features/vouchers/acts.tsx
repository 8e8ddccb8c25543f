/** What its holder, or the assistant at the desk, does with a voucher: prints it, blocks it, has a new code made. */
import { useState } from 'react'
import { asProblem } from '@/lib/api/problem'
import { money } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { useToast } from '@/ui/Toast'
import { block, pdfLink, reissue, useReread } from './calls'
import { walletTexts } from './texts'

type Act = 'pdf' | 'block' | 'reissue'

export function useVoucherActs(city: string, id: string, revision: number) {
  const t = useTexts(walletTexts)
  const toast = useToast()
  const reread = useReread(city)
  const [busy, setBusy] = useState<Act | null>(null)
  const [problem, setProblem] = useState<unknown>(null)

  const act = async (what: Act, work: () => Promise<void>): Promise<boolean> => {
    setBusy(what)
    setProblem(null)
    const done = await work().then(() => true, thrown => (setProblem(asProblem(thrown)), false))
    setBusy(null)
    return done
  }
  return {
    busy,
    problem,
    getPdf: () => act('pdf', async () => location.assign((await pdfLink(city, id)).url)),
    stop: () => act('block', async () => {
      await block(city, id)
      await reread()
      toast(t.blockedToast)
    }),
    renew: () => act('reissue', async () => {
      await reissue(city, id, revision)
      await reread()
      toast(t.reissued)
    }),
  }
}

/** Says what blocking does before it is done. */
export function BlockDialog({ open, onClose, busy, left, onBlock }: { open: boolean; onClose: () => void; busy: boolean; left: number; onBlock: () => Promise<boolean> }) {
  const t = useTexts(walletTexts)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.blockAsk}
      actions={
        <>
          <Button look="danger" busy={busy} onClick={() => void onBlock().then(done => done && onClose())}>{t.blockYes}</Button>
          <Button autoFocus onClick={onClose}>{t.blockNo}</Button>
        </>
      }
    >
      <p>{t.blockEffect(money(left))}</p>
    </Dialog>
  )
}
