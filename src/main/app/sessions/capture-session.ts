import type { MediaService } from '@shared/engines/media-service'
import { isDesktopId } from '@shared/media/browser-capture'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { WebContents } from 'electron'
import type { CaptureGuard } from '../capture-guard'
import type { EngineHost } from '../engines/engine-host'

/** Joins the media engine, which wants a capture, to the window, which makes it: a port between them and a grant. */
export class CaptureSession {
  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly guard: CaptureGuard,
    private readonly window: () => WebContents | null,
  ) {}

  prepare(client: ServiceClient<MediaService>): void {
    client.on('captureWanted', ({ id, request }) => {
      const port = this.media.openPort({ t: 'port', use: `capture:${id}` })
      const target = this.window()
      if (!target || target.isDestroyed()) {
        port.close()
        return
      }
      const { video, audio } = request
      const desktop = video !== null && isDesktopId(video)
      // A camera and a microphone are asked for in one, a screen in a request of its own without kinds.
      if (desktop) this.guard.grant([])
      const kinds = [...(video !== null && !desktop ? ['video'] : []), ...(audio === null ? [] : ['audio'])]
      if (kinds.length > 0) this.guard.grant(kinds)
      target.postMessage('capture.port', request, [port])
    })
  }
}
