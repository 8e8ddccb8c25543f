import { useEffect, useRef } from 'react'
import { useTexts } from '@/lib/texts'
import { Button } from '@/ui/Button'
import { QrView } from '@/ui/Qr'
import { walletTexts } from './texts'

interface FullScreenProps {
  code: string
  shortCode: string
  onClose: () => void
}

/** Only the code, as large as the screen gives, which does not go dark meanwhile. */
export function FullScreen({ code, shortCode, onClose }: FullScreenProps) {
  const t = useTexts(walletTexts)
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
    let lock: WakeLockSentinel | undefined
    navigator.wakeLock?.request('screen').then(held => (lock = held), () => undefined)
    return () => void lock?.release()
  }, [])
  return (
    <dialog ref={ref} className="voucher-full" aria-label={t.show} onClose={onClose}>
      <QrView value={code} code={shortCode} />
      <p className="voucher-code">{shortCode}</p>
      <p className="soft">{t.brightness}</p>
      <Button wide onClick={() => ref.current?.close()}>{t.close}</Button>
    </dialog>
  )
}
