import type { MessagePortMain } from 'electron'
import { StudioError } from '@shared/errors'
import type { CaptureRequest } from '@shared/media/browser-capture'
import type { BrowserLink, BrowserLinks } from '../../media/sources/browser-source'

/** Main makes the port at once; a longer time means that it has not understood. */
const PORT_MS = 5000

/** The engine's side of captures by the window: asks main, and takes the port that comes for each. */
export class CapturePorts implements BrowserLinks {
  private nextId = 1
  private readonly waiting = new Map<string, (port: MessagePortMain) => void>()

  constructor(private readonly ask: (wanted: { id: number; request: CaptureRequest }) => void) {}

  open(request: CaptureRequest): Promise<BrowserLink> {
    const id = this.nextId++
    const use = `capture:${id}`
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(use)
        reject(new StudioError('no-window', 'The window of WE Studio does not answer. Choose another source.'))
      }, PORT_MS)
      this.waiting.set(use, (port) => {
        clearTimeout(timer)
        resolve(linkOver(port))
      })
      this.ask({ id, request })
    })
  }

  /** Returns whether the port was one of these. */
  take(use: string, port: MessagePortMain): boolean {
    if (!use.startsWith('capture:')) return false
    const waiting = this.waiting.get(use)
    this.waiting.delete(use)
    if (waiting) waiting(port)
    else port.close() // too late
    return true
  }
}

function linkOver(port: MessagePortMain): BrowserLink {
  return {
    post: (reply) => port.postMessage(reply),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose: (listener) => void port.once('close', listener),
    close: () => port.close(),
  }
}
