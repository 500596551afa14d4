import { join } from 'node:path'
import type { RelayService, RelayStart } from '@shared/engines/relay-service'
import { reportError, StudioError, type ErrorReport } from '@shared/errors'
import type { RelayState } from '@shared/ipc/studio-schema'
import { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'

/** The relay of this app: its engine exists only while the person wants it. */
export class RelaySession {
  #state: RelayState = { state: 'off' }
  private host: EngineHost<RelayService> | null = null

  constructor(
    private readonly outDir: string,
    private readonly startData: () => Omit<RelayStart, 'host'>,
    private readonly notify: Notifier,
  ) {}

  get state(): RelayState {
    return this.#state
  }

  /** @param open others than this computer may reach it */
  async start(open: boolean): Promise<RelayState> {
    if (this.host) return this.#state
    this.#set({ state: 'starting' })
    const start = { ...this.startData(), host: open ? '0.0.0.0' : '127.0.0.1' }
    const host = new EngineHost<RelayService>({
      name: 'relay',
      title: 'The relay',
      modulePath: join(this.outDir, 'relay-engine.js'),
      onStatus: (status) => {
        this.notify('app', 'engineChanged', status)
        if (status.state === 'failed') this.#set({ state: 'failed', code: 'relay-failed', message: status.message })
      },
      log: (line) => console.error(line),
      prepare: async (client) => {
        client.on('figures', (figures) => this.notify('relay', 'figures', figures))
        client.on('problem', (problem: ErrorReport) => this.notify('app', 'notice', { level: 'problem', ...problem }))
        const address = await client.call('start', start)
        this.#set({ state: 'on', open, rtmpPort: address.rtmpPort, httpPort: address.httpPort })
      },
    })
    this.host = host
    await host.start()
    if (host.status.state === 'failed') {
      this.host = null
      await host.stop()
    }
    return this.#state
  }

  async stop(): Promise<void> {
    const { host } = this
    this.host = null
    await host?.stop()
    this.#set({ state: 'off' })
  }

  /** A new stream key for a live; it can be read only now. */
  async makeKey(name: string): Promise<string> {
    if (!this.host) throw new StudioError('relay-off', 'Switch the relay on first.')
    try {
      return (await (await this.host.ready()).call('makeKey', { name })).key
    } catch (error) {
      const { code, message } = reportError(error)
      throw new StudioError(code, message)
    }
  }

  #set(state: RelayState): void {
    this.#state = state
    this.notify('relay', 'changed', state)
  }
}

/** What programs expect, unless the environment says otherwise (tests run beside each other). */
export function relayStart(dataDir: string): Omit<RelayStart, 'host'> {
  const port = (variable: string, usual: number): number => Number(process.env[variable] ?? usual)
  return {
    rtmpPort: port('WE_RELAY_RTMP_PORT', 1935),
    httpPort: port('WE_RELAY_HTTP_PORT', 8080),
    dataDir,
    recordDir: null,
    ladderFfmpeg: null,
    origins: [],
  }
}
