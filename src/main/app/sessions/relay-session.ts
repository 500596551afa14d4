import { MessageChannelMain } from 'electron'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { MediaService } from '@shared/engines/media-service'
import type { RelayService, RelayStart } from '@shared/engines/relay-service'
import { reportError, StudioError, type ErrorReport } from '@shared/errors'
import type { RelayState, RelayStatus } from '@shared/ipc/studio-schema'
import type { RelayChoice } from '@shared/live/relay-choice'
import type { RelayHandOver } from '@shared/live/relay-hand-over'
import { MAX_RELAYS, relayUrl } from '@shared/live/relay-url'
import type { UplinkRoom } from '@shared/network/uplink-room'
import { relayLiveName } from '@shared/live/relay-live-name'
import type { ServiceClient } from '@shared/rpc/rpc'
import { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import type { ShowOutlet } from './show-outlet'

export interface RelayPaths {
  /** Where entries were built to. */
  out: string
  dataDir: string
  ffmpeg: string
  /** Where recordings go; asked each time. */
  videos: () => string
}

/** The relay of this app: its engine exists only while the person wants it, and gets the own live too. */
export class RelaySession implements ShowOutlet {
  #status: RelayStatus = { state: 'off' }
  #keys: string[] = []
  #host: EngineHost<RelayService> | null = null
  /** Title of the running live. */
  #title: string | null = null
  /** Its name on the relay. */
  #show: string | null = null
  #roomKbps: number | null = null
  #takenKbps = 0
  /** Changes are made one after another. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly paths: RelayPaths,
    private readonly notify: Notifier,
    /** Tells the peer engine where the own show goes besides the peers. */
    private readonly handOver: (relay: RelayHandOver) => void,
    /** Tells the peer engine what viewers here take of the line. */
    private readonly onTaken: (kbps: number) => void,
  ) {}

  get state(): RelayState {
    const choice = this.#choice
    const isOpen = this.#status.state === 'on' && choice.open
    return { choice, status: this.#status, hosts: isOpen ? ownAddresses() : [], keys: this.#keys, show: this.#show }
  }

  /** The relay as it was left. */
  resume(): void {
    if (this.#choice.on) void this.set(this.#choice)
  }

  /** Brings the relay to what is wanted; one that runs with other choices is started anew. Failure is a status. */
  set(choice: RelayChoice): Promise<RelayState> {
    const change = this.#changing.then(async () => {
      const isSame = JSON.stringify(choice) === JSON.stringify(this.#choice)
      this.settings.set({ relay: choice })
      if (isSame && this.#status.state === 'on') return this.state
      if (choice.on) this.#setStatus({ state: 'starting' })
      await this.#stop()
      if (choice.on) await this.#start()
      else this.#setStatus({ state: 'off' })
      return this.state
    })
    this.#changing = change.catch(() => undefined)
    return change
  }

  /** The app quits; what is wanted stays. */
  async stop(): Promise<void> {
    await this.#changing
    await this.#stop()
  }

  /** The line to others is shared otherwise: viewers on other computers get what is left. */
  setRoom({ leftKbps }: UplinkRoom): void {
    if (leftKbps === this.#roomKbps) return
    this.#roomKbps = leftKbps
    if (this.#status.state === 'on') void this.#host?.client.call('setRoom', leftKbps).catch(() => undefined)
  }

  /** A new stream key for a live; it can be read only now. The one before stops working. */
  async makeKey(name: string): Promise<string> {
    if (!this.#host) throw new StudioError('relay-off', 'Switch the relay on first.')
    if (name === this.#show) {
      throw new StudioError('name-taken', 'Your own live has this name at the moment. Choose another one.')
    }
    try {
      const client = await this.#host.ready()
      const { key } = await client.call('makeKey', { name })
      this.#keys = await client.call('listKeys', undefined)
      this.#tell()
      return key
    } catch (error) {
      const { code, message } = reportError(error)
      throw new StudioError(code, message)
    }
  }

  beginLive(title: string): void {
    this.#title = title
    if (this.#status.state === 'on') this.#join()
  }

  endLive(): void {
    this.#title = null
    this.#show = null
    this.handOver({ target: null, watch: [] })
    this.#tell()
  }

  async #start(): Promise<void> {
    let problem: ErrorReport | null = null
    const host = new EngineHost<RelayService>({
      name: 'relay',
      title: 'The relay',
      modulePath: join(this.paths.out, 'relay-engine.js'),
      onStatus: ({ state, message }) => {
        if (this.#host !== host) return
        if (state === 'restarting') {
          this.#show = null
          this.handOver({ target: null, watch: [] })
          this.#setStatus({ state: 'starting' })
        }
        if (state === 'failed') this.#setStatus({ state: 'failed', ...(problem ?? { code: 'relay-failed', message }) })
        if (state === 'ready' && this.#show === null) this.#join()
      },
      log: (line) => console.error(line),
      prepare: async (client) => {
        problem = null
        try {
          await this.#prepare(client)
        } catch (error) {
          problem = reportError(error)
          throw error
        }
      },
    })
    this.#host = host
    await host.start()
  }

  async #prepare(client: ServiceClient<RelayService>): Promise<void> {
    client.on('figures', (figures) => {
      this.notify('relay', 'figures', figures)
      this.#setTaken(figures.takenKbps)
    })
    client.on('problem', (problem) => this.notify('app', 'notice', { level: 'problem', ...problem }))
    const { rtmpPort, httpPort } = await client.call('start', this.#startData)
    this.#keys = await client.call('listKeys', undefined)
    this.settings.set({ relay: { ...this.#choice, rtmpPort, httpPort } })
    this.#setStatus({ state: 'on', rtmpPort, httpPort })
  }

  async #stop(): Promise<void> {
    const host = this.#host
    this.#host = null
    this.#show = null
    this.handOver({ target: null, watch: [] })
    await host?.stop()
  }

  /** The media engine tells the show's units to the relay engine, without RTMP in between. */
  #join(): void {
    const title = this.#title
    if (title === null || !this.#host) return
    this.#show = relayLiveName(title, this.#keys)
    const { port1, port2 } = new MessageChannelMain()
    this.#host.givePort({ t: 'port', use: `units:${this.#show}`, title }, port2)
    this.media.givePort({ t: 'port', use: 'units' }, port1)
    void this.#handOn(this.#host, this.#show)
    this.#tell()
  }

  /** Viewers with the app whom peers do not serve get the show from here, as it travels between peers. */
  async #handOn(host: EngineHost<RelayService>, name: string): Promise<void> {
    if (!this.#choice.open || this.#status.state !== 'on') return
    const { httpPort } = this.#status
    try {
      const { key } = await host.client.call('showKey', { name })
      if (this.#host !== host || this.#show !== name) return
      const { address = '' } = this.#choice
      const own = ownAddresses().slice(0, MAX_RELAYS - 1)
      // in no network there may still be viewers on this computer
      const bases = (own.length > 0 ? own : ['127.0.0.1']).map((at) => `http://${at}:${httpPort}`)
      const watch = [...bases, address].flatMap((base) => relayUrl(base, name) ?? [])
      this.handOver({ target: { url: `http://127.0.0.1:${httpPort}/live/${name}.we`, key }, watch })
    } catch (error) {
      console.error(`The relay does not take the show for viewers with the app: ${String(error)}`)
    }
  }

  get #choice(): RelayChoice {
    return this.settings.value.relay
  }

  get #startData(): RelayStart {
    const { open, rtmpPort, httpPort, record, smallerCopy } = this.#choice
    return {
      ...{ host: open ? '0.0.0.0' : '127.0.0.1', rtmpPort, httpPort, dataDir: this.paths.dataDir, origins: [] },
      recordDir: record ? this.paths.videos() : null,
      roomKbps: this.#roomKbps,
      ladderFfmpeg: smallerCopy ? this.paths.ffmpeg : null,
    }
  }

  #setTaken(kbps: number): void {
    if (kbps === this.#takenKbps) return
    this.#takenKbps = kbps
    this.onTaken(kbps)
  }

  #setStatus(status: RelayStatus): void {
    this.#status = status
    if (status.state !== 'on') this.#setTaken(0)
    this.#tell()
  }

  #tell(): void {
    this.notify('relay', 'changed', this.state)
  }
}

/** IPv4 addresses under which others in the network find this computer. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}
