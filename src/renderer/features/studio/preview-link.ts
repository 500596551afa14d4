import type { PreviewFrame } from '@shared/ipc/studio-schema'
import { drawPreviewFrame } from './draw-preview-frame'

/** What `window.postMessage` carries together with the port; see studio-schema.ts. */
export const PREVIEW_PORT_MESSAGE = 'studio:preview-port'

/**
 * The window's end of the preview. Every frame that arrives is answered with exactly one `'ack'`, but not before a
 * picture was drawn: a window that is slow, covered or on another page lets the engine skip frames instead of
 * filling memory. A new port replaces the old one.
 */
export class PreviewLink {
  #port: MessagePort | null = null
  #canvas: HTMLCanvasElement | null = null
  #newest: PreviewFrame | null = null
  #owedAcks = 0
  #animationFrame = 0
  #drawn = 0
  readonly #draw: typeof drawPreviewFrame

  constructor(draw = drawPreviewFrame) {
    this.#draw = draw
  }

  /** Waits for ports; call before `preview.connect`. Returns how to stop waiting. */
  listen(target: Window): () => void {
    const onMessage = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0]
      if (event.data === PREVIEW_PORT_MESSAGE && event.source === target && port !== undefined) this.use(port)
    }
    target.addEventListener('message', onMessage)
    return () => target.removeEventListener('message', onMessage)
  }

  /** Takes frames from this port from now on. */
  use(port: MessagePort): void {
    this.#port?.close()
    this.#port = port
    this.#newest = null
    this.#owedAcks = 0
    port.onmessage = (event: MessageEvent<PreviewFrame>) => {
      if (port !== this.#port) return
      this.#newest = event.data
      this.#owedAcks += 1
      this.#schedule()
    }
  }

  /** Draws on this canvas until the returned function is called; without a canvas the flow rests. */
  attach(canvas: HTMLCanvasElement): () => void {
    this.#canvas = canvas
    this.#schedule()
    return () => {
      if (this.#canvas !== canvas) return
      this.#canvas = null
      cancelAnimationFrame(this.#animationFrame)
      this.#animationFrame = 0
    }
  }

  #schedule(): void {
    if (this.#canvas === null || this.#newest === null || this.#animationFrame !== 0) return
    this.#animationFrame = requestAnimationFrame(() => this.#show())
  }

  #show(): void {
    this.#animationFrame = 0
    const frame = this.#newest
    if (this.#canvas === null || frame === null) return
    this.#newest = null
    try {
      this.#draw(this.#canvas, frame)
      this.#drawn += 1
      this.#canvas.dataset['frames'] = String(this.#drawn)
    } catch (error) {
      // One broken picture must not end the preview: it is skipped, and acknowledged like the others.
      console.error('preview frame', error)
    }
    for (; this.#owedAcks > 0; this.#owedAcks -= 1) this.#port?.postMessage('ack')
  }
}

/** The one link of this window. */
export const previewLink = new PreviewLink()
