import type { LookSwatch as Swatch } from '@shared/media/look-settings'
import { useEffect, useRef } from 'react'

/** One small picture; an empty place until it is there. What it shows is named beside it. */
export function LookSwatch({ swatch }: { swatch: Omit<Swatch, 'id'> | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || swatch === undefined) return
    const { width, height, pixels } = swatch
    const image = context.createImageData(width, height)
    image.data.set(pixels)
    context.putImageData(image, 0, 0)
  }, [swatch])

  return (
    <canvas
      ref={canvas}
      className="looks__picture"
      width={swatch?.width ?? 4}
      height={swatch?.height ?? 3}
      aria-hidden="true"
    />
  )
}
