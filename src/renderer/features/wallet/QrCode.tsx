import { useMemo } from 'react'
import { encode } from 'uqr'

interface QrCodeProps {
  text: string
  label: string
  /** How much of it may be unreadable: `M` 15 %, `L` 7 %, for long texts on a screen. */
  ecc?: 'L' | 'M'
}

/** A QR code, always dark on light, since many cameras read no other. */
export function QrCode({ text, label, ecc = 'M' }: QrCodeProps) {
  const { data, size } = useMemo(() => encode(text, { ecc, border: 2 }), [text, ecc])
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
