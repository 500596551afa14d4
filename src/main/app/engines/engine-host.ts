import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { StudioError } from '@shared/errors'
import type { EngineName, EngineStatus } from '@shared/ipc/studio-schema'
import { connect, type ServiceClient, type ServiceShape } from '@shared/rpc/rpc'

/** An engine that dies more often than this within the window is given up until the person restarts the app. */
const MAX_RESTARTS = 5
const RESTART_WINDOW_MS = 60_000
const RESTART_DELAY_MS = 250
const STOP_TIMEOUT_MS = 4_000
/** How long a call waits for an engine that is starting before it is refused. */
const READY_TIMEOUT_MS = 15_000

export interface EngineHostOptions<S extends ServiceShape> {
  name: EngineName
  /** The engine's entry file. */
  modulePath: string
  /** What a person calls it, for messages: "The camera engine". */
  title: string
  /** Runs after every start, before the engine counts as ready: start data, listeners, state to restore. */
  prepare: (client: ServiceClient<S>, restarted: boolean) => Promise<void>
  onStatus: (status: EngineStatus) => void
  log: (line: string) => void
}

/**
 * Keeps one utility process alive: start, restart with a limit, stop. [Note: engines] User events pass through
 * main, so main never computes: everything that touches pixels, keys or sockets runs in an engine.
 */
export class EngineHost<S extends ServiceShape & { calls: { close: { input: undefined; output: undefined } } }> {
  #child: UtilityProcess | null = null
  #client: ServiceClient<S> | null = null
  #restarts: number[] = []
  #stopping = false
  readonly #waiting = new Set<() => void>()
  #status: EngineStatus

  constructor(private readonly options: EngineHostOptions<S>) {
    this.#status = { engine: options.name, state: 'starting', message: '' }
  }

  get status(): EngineStatus {
    return this.#status
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** The running engine's client; throws a StudioError while there is none. */
  get client(): ServiceClient<S> {
    if (!this.#client || this.#status.state !== 'ready') {
      throw new StudioError('engine-not-ready', this.#status.message || `${this.options.title} is still starting.`)
    }
    return this.#client
  }

  /** The engine's client as soon as it is ready; throws a StudioError when it fails or takes too long. */
  async ready(): Promise<ServiceClient<S>> {
    const end = Date.now() + READY_TIMEOUT_MS
    const isComing = (): boolean => this.#status.state === 'starting' || this.#status.state === 'restarting'
    while (isComing() && Date.now() < end) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          this.#waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, end - Date.now())
        this.#waiting.add(wake)
      })
    }
    return this.client
  }

  start(): Promise<void> {
    return this.#launch(false)
  }

  /** Sends one end of a fresh channel to the engine, together with `message`, and returns the other end. */
  openPort(message: unknown): MessagePortMain {
    if (!this.#child) throw new StudioError('engine-not-ready', `${this.options.title} is not running.`)
    const { port1, port2 } = new MessageChannelMain()
    this.#child.postMessage(message, [port1])
    return port2
  }

  /** Hands an existing port over to the engine. */
  givePort(message: unknown, port: MessagePortMain): void {
    if (!this.#child) throw new StudioError('engine-not-ready', `${this.options.title} is not running.`)
    this.#child.postMessage(message, [port])
  }

  /** Asks the engine to end cleanly, then makes it. */
  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child) return
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const timer = setTimeout(() => child.kill(), STOP_TIMEOUT_MS)
    void this.#client?.call('close', undefined).catch(() => undefined)
    await exited
    clearTimeout(timer)
  }

  async #launch(restarted: boolean): Promise<void> {
    const child = utilityProcess.fork(this.options.modulePath, [], {
      serviceName: `WE Studio ${this.options.name}`,
      stdio: 'pipe',
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.options.log(`[${this.options.name}] ${chunk.toString().trimEnd()}`))
    }
    const client = connect<S>({
      // A post to an engine that is exiting can crash main (electron#53923): guarded by state.
      post: (message) => {
        if (this.#child === child) child.postMessage(message)
      },
      onMessage: (listener) => void child.on('message', listener),
    })
    this.#client = client
    child.once('exit', (code) => this.#exited(child, client, code))
    try {
      await this.options.prepare(client, restarted)
      this.#setStatus('ready', '')
    } catch (error) {
      if (this.#child !== child) return // died meanwhile: the exit handler has taken over
      const message = error instanceof Error ? error.message : String(error)
      this.#setStatus('failed', message)
    }
  }

  #exited(child: UtilityProcess, client: ServiceClient<S>, code: number): void {
    if (this.#child !== child) return
    this.#child = null
    this.#client = null
    client.disconnect(new StudioError('engine-gone', `${this.options.title} stopped. It is being restarted.`))
    if (this.#stopping) return
    this.options.log(`[${this.options.name}] exited with code ${code}`)
    const now = Date.now()
    this.#restarts = [...this.#restarts.filter((at) => now - at < RESTART_WINDOW_MS), now]
    if (this.#restarts.length > MAX_RESTARTS) {
      this.#setStatus('failed', `${this.options.title} keeps stopping. Quit WE Studio and start it again.`)
      return
    }
    this.#setStatus('restarting', `${this.options.title} stopped unexpectedly and is being restarted.`)
    setTimeout(() => {
      if (!this.#stopping) void this.#launch(true)
    }, RESTART_DELAY_MS)
  }

  #setStatus(state: EngineStatus['state'], message: string): void {
    this.#status = { engine: this.options.name, state, message }
    this.options.onStatus(this.#status)
    for (const wake of this.#waiting) wake()
  }
}
