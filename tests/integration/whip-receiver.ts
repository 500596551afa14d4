import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PeerConnection, Track } from 'node-datachannel'
import { loadRtc } from '../../src/main/relay/rtc/load-rtc'
import { readRtcp, writeReceiverReport } from '../../src/main/relay/rtc/rtcp'
import { isRtcp, readRtp, type RtpPacket } from '../../src/main/relay/rtc/rtp-packet'

export interface Asked {
  method: string
  path: string
  authorization: string | undefined
  body: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** A service that takes WHIP, on this computer. */
export class WhipReceiver {
  readonly asked: Asked[] = []
  /** RTP by kind, in order of arrival. */
  packets: { video: RtpPacket[]; audio: RtpPacket[] } = { video: [], audio: [] }
  /** Wall time of a timestamp, by kind. */
  clocks: { video?: { ntpSeconds: number; timestamp: number }; audio?: { ntpSeconds: number; timestamp: number } } = {}
  /** Answers this instead of taking the show; null: takes it. */
  say: ((asked: Asked) => Answer | 'nothing' | null) | null = null
  tracks = new Map<string, Track>()
  private connections: PeerConnection[] = []
  private readonly server: Server = createServer((request, response) => {
    void read(request).then(async (asked) => {
      this.asked.push(asked)
      const said = this.say?.(asked)
      if (said === 'nothing') return
      const answer = said ?? (asked.method === 'POST' ? await this.take(asked.body) : { status: 200 })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })

  static async listen(): Promise<WhipReceiver> {
    const receiver = new WhipReceiver()
    receiver.server.listen(0, '127.0.0.1')
    await once(receiver.server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/whip`
  }

  /** Ends the running sessions, as a service does that is started anew. */
  hangUp(): void {
    for (const connection of this.connections.splice(0)) connection.close()
    this.packets = { video: [], audio: [] }
    this.clocks = {}
  }

  /** Says over RTCP that packets of the picture are missing. */
  send(kind: 'video' | 'audio', rtcp: Buffer): void {
    this.tracks.get(kind)?.sendMessageBinary(rtcp)
  }

  async close(): Promise<void> {
    this.hangUp()
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private async take(offer: string): Promise<Answer> {
    const rtc = await loadRtc()
    const connection = new rtc.PeerConnection('', { iceServers: [], disableAutoNegotiation: true })
    this.connections.push(connection)
    connection.onStateChange(() => undefined)
    connection.onTrack((track) => {
      const kind = track.type() === 'video' ? 'video' : 'audio'
      this.tracks.set(kind, track)
      track.onClosed(() => undefined)
      track.onMessage((bytes) => this.hear(kind, bytes))
    })
    const gathered = new Promise<void>((resolve) => {
      connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve()
      })
    })
    connection.setRemoteDescription(offer, 'offer')
    connection.setLocalDescription('answer')
    await gathered
    return {
      status: 201,
      headers: { 'Content-Type': 'application/sdp', Location: '/session/1' },
      body: connection.localDescription()!.sdp,
    }
  }

  private hear(kind: 'video' | 'audio', bytes: Buffer): void {
    if (isRtcp(bytes)) {
      const [clock] = readRtcp(bytes).clocks
      if (!clock) return
      this.clocks[kind] = clock
      this.send(kind, writeReceiverReport({ own: 1, ssrc: clock.ssrc, lost: 0, lostInAll: 0, highest: 0 }))
      return
    }
    const packet = readRtp(Buffer.from(bytes))
    if (packet) this.packets[kind].push(packet)
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization,
    body: Buffer.concat(chunks).toString(),
  }
}
