import { alertPlace } from '@shared/media/gift-alert'
import { useEffect, useRef } from 'react'
import { listenToStudio } from '@/features/gifts/gift-store'
import { GiftOverlay } from '@/features/gifts/GiftOverlay'
import demoPoster from './assets/demo-poster.jpg'
import { previewLink } from './preview-link'
import { useScenes } from './scene/scene-store'
import { StageMessage } from './StageMessage'
import { StageStatus } from './StageStatus'
import { useStudio } from './studio-store'

/** The picture as viewers would get it, with what must be said about it on top. */
export function Stage({ visible }: { visible: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const mode = useStudio((state) => state.previewMode)
  const open = useStudio((state) => state.source.state === 'open')

  const drawsGifts = useScenes(({ scenes }) => alertPlace(scenes) !== null)
  const isDemo = useStudio(({ source }) => source.state !== 'closed' && source.spec.kind === 'demo')

  useEffect(() => {
    if (visible && canvas.current !== null) return previewLink.attach(canvas.current)
  }, [visible])

  return (
    <section className="stage" aria-label="Stage">
      <canvas ref={canvas} className="stage__picture" role="img" aria-label="Preview" width={1280} height={720} />
      {isDemo && <img className="stage__poster" src={demoPoster} alt="" />}
      {open && mode === 'split' && <span className="stage__split" aria-hidden="true" />}
      {open && mode === 'before' && <span className="stage__tag stage__tag--alone">Before</span>}
      {open && mode === 'split' && <span className="stage__tag stage__tag--left">Before</span>}
      {open && mode === 'split' && <span className="stage__tag stage__tag--right">After</span>}
      <GiftOverlay listen={listenToStudio} drawn={drawsGifts} />
      <StageStatus />
      <StageMessage />
    </section>
  )
}
