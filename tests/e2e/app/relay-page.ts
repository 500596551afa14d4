import type { Page } from '@playwright/test'
import type { StudioApp } from './studio-app'

/** A browser of somebody else: a window of Chromium without anything of ours, which opens a page. */
export class RelayPage {
  private constructor(
    readonly page: Page,
    private readonly close_: () => Promise<void>,
  ) {}

  /** @param webRtc `stuck`: answers have no effect, as where packets do not get through */
  static async open({ app }: StudioApp, url: string, webRtc: 'works' | 'stuck'): Promise<RelayPage> {
    const coming = app.waitForEvent('window')
    const id = await app.evaluate(async ({ BrowserWindow }) => {
      const window = new BrowserWindow({ width: 1000, height: 760, webPreferences: { partition: 'somebody' } })
      await window.loadURL('about:blank')
      return window.id
    })
    const page = await coming
    await page.addInitScript((stuck) => {
      const Real = RTCPeerConnection
      const peers: RTCPeerConnection[] = []
      class Peer extends Real {
        constructor(options?: RTCConfiguration) {
          super(options)
          peers.push(this)
        }
        override setRemoteDescription(answer: RTCSessionDescriptionInit): Promise<void> {
          return stuck ? Promise.resolve() : super.setRemoteDescription(answer)
        }
      }
      Object.assign(globalThis, { RTCPeerConnection: Peer, peers })
    }, webRtc === 'stuck')
    await app.evaluate(({ BrowserWindow }, [window, to]) => BrowserWindow.fromId(window)!.loadURL(to), [
      id,
      url,
    ] as const)
    return new RelayPage(page, () =>
      app.evaluate(({ BrowserWindow }, window) => BrowserWindow.fromId(window)?.destroy(), id),
    )
  }

  /** What stands behind a name in the page's figures. */
  async figure(name: string): Promise<string> {
    const box = this.page.locator('#figures')
    if (!(await box.isVisible())) await this.page.getByRole('button', { name: 'Figures (s)' }).click({ force: true })
    return box
      .locator(`dt:text-is("${name}") + dd`)
      .innerText({ timeout: 2_000 })
      .catch(() => '')
  }

  /** Seconds of the live that were shown. */
  shown(): Promise<number> {
    return this.page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
  }

  /** Pictures decoded, and energy of the sound that was played, over WebRTC. */
  received(): Promise<{ framesDecoded: number; energy: number }> {
    return this.page.evaluate(async () => {
      const { peers } = globalThis as unknown as { peers: RTCPeerConnection[] }
      const found = { framesDecoded: 0, energy: 0 }
      for (const report of (await peers.at(-1)?.getStats())?.values() ?? []) {
        const { type, framesDecoded, totalAudioEnergy } = report as Record<string, unknown>
        if (type !== 'inbound-rtp') continue
        found.framesDecoded += Number(framesDecoded ?? 0)
        found.energy += Number(totalAudioEnergy ?? 0)
      }
      return found
    })
  }

  close(): Promise<void> {
    return this.close_()
  }
}
