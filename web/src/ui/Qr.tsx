import './qr.css'
import { encode } from 'uqr'
import { useMemo } from 'react'
import { useTexts } from '@/lib/texts'
import { uiTexts } from './texts'

interface QrViewProps {
  /** What the code holds. */
  value: string
  /** The same for people, to type; said by a screen reader. */
  code: string
}

const QUIET_ZONE = 4 // modules of white around, by ISO/IEC 18004

/** QR code on white, at least 260 px wide, black whatever the theme. */
export function QrView({ value, code }: QrViewProps) {
  const t = useTexts(uiTexts)
  const { path, size } = useMemo(() => drawn(value), [value])
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t.qrLabel(code)} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

function drawn(value: string): { path: string; size: number } {
  const { data, size } = encode(value, { ecc: 'M', border: QUIET_ZONE })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return { path, size }
}
