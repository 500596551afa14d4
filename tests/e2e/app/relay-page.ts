import type { Page } from '@playwright/test'
import type { StudioApp } from './studio-app'

/** A browser of somebody else: a window of Chromium without anything of ours, which opens a page. */
export class RelayPage {
  private constructor(
    readonly page: Page,
    private readonly close_: () => Promise<void>,
  ) {}

  static async open({ app }: StudioApp, url: string): Promise<RelayPage> {
    const coming = app.waitForEvent('window')
    const id = await app.evaluate(async ({ BrowserWindow }) => {
      const window = new BrowserWindow({ width: 1000, height: 760, webPreferences: { partition: 'somebody' } })
      await window.loadURL('about:blank')
      return window.id
    })
    const page = await coming
    await page.addInitScript(() => {
      const peers: RTCPeerConnection[] = []
      class Peer extends RTCPeerConnection {
        constructor(options?: RTCConfiguration) {
          super(options)
          peers.push(this)
        }
      }
      Object.assign(globalThis, { RTCPeerConnection: Peer, peers })
    })
    await app.evaluate(({ BrowserWindow }, [window, to]) => BrowserWindow.fromId(window)!.loadURL(to), [
      id,
      url,
    ] as const)
    return new RelayPage(page, () =>
      app.evaluate(({ BrowserWindow }, window) => BrowserWindow.fromId(window)?.destroy(), id),
    )
  }

  /** Opens the page anew where answers of WebRTC have no effect, as where its packets do not get through. */
  async openBlocked(): Promise<void> {
    await this.page.addInitScript(() => {
      Object.assign(RTCPeerConnection.prototype, { setRemoteDescription: () => Promise.resolve() })
    })
    await this.page.reload()
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
