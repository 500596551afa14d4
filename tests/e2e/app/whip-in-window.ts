import type { Page } from '@playwright/test'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What Chromium has received and decoded of a show that was sent by WHIP. */
export interface Received {
  framesDecoded: number
  width: number
  /** Of sound that was played, as Chromium counts it: 0 for silence. */
  energy: number
  packetsLost: number
}

/** A service that takes WHIP, whose WebRTC is that of a window of Chromium. */
export class WhipInWindow {
  readonly asked: { method: string; authorization: string | undefined }[] = []
  private readonly server = createServer((request, response) => {
    void read(request).then(async (offer) => {
      const { method = '', headers } = request
      this.asked.push({ method, authorization: headers.authorization })
      if (method !== 'POST') return response.writeHead(200).end()
      const body = await answerInPage(this.page, offer)
      return response.writeHead(201, { 'Content-Type': 'application/sdp', Location: '/session' }).end(body)
    })
  })

  private constructor(private readonly page: Page) {}

  static async listen(page: Page): Promise<WhipInWindow> {
    const service = new WhipInWindow(page)
    service.server.listen(0, '127.0.0.1')
    await once(service.server, 'listening')
    return service
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/whip`
  }

  received(): Promise<Received> {
    return receivedInPage(this.page)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await endInPage(this.page)
  }
}

function receivedInPage(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const { whip } = globalThis as unknown as WithWhip
    const found = { framesDecoded: 0, width: whip?.video.videoWidth ?? 0, energy: 0, packetsLost: 0 }
    for (const report of (await whip?.peer.getStats())?.values() ?? []) {
      const stats = report as Record<string, unknown>
      if (stats['type'] !== 'inbound-rtp') continue
      const number = (name: string): number => Number(stats[name] ?? 0)
      found.framesDecoded += number('framesDecoded')
      found.energy += number('totalAudioEnergy')
      found.packetsLost += number('packetsLost')
    }
    return found
  })
}

/** Ends what plays. */
async function endInPage(page: Page): Promise<void> {
  await page
    .evaluate(() => {
      const { whip } = globalThis as unknown as WithWhip
      whip?.peer.close()
      whip?.video.remove()
    })
    .catch(() => undefined)
}

interface WithWhip {
  whip?: { peer: RTCPeerConnection; video: HTMLVideoElement }
}

async function answerInPage(page: Page, offer: string): Promise<string> {
  await openInPage(page)
  return page.evaluate(async (sdp) => {
    const { peer } = (globalThis as unknown as WithWhip).whip!
    await peer.setRemoteDescription({ type: 'offer', sdp })
    await peer.setLocalDescription(await peer.createAnswer())
    while (peer.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 20))
    return peer.localDescription!.sdp
  }, offer)
}

async function openInPage(page: Page): Promise<void> {
  await endInPage(page)
  await page.evaluate(() => {
    const peer = new RTCPeerConnection()
    const video = document.createElement('video')
    video.style.cssText = 'position:fixed;left:0;top:0;width:160px;opacity:.01;pointer-events:none'
    video.autoplay = true
    const stream = new MediaStream()
    peer.ontrack = ({ track }) => {
      stream.addTrack(track)
      video.srcObject = stream
    }
    ;(globalThis as unknown as WithWhip).whip = { peer, video }
    document.body.append(video)
  })
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
