import { reportError, StudioError, type ErrorReport } from '../errors'

/** The least a message port must offer; Electron's and the DOM's ports are adapted to it at the edge. */
export interface RpcPort {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

/** A service is described by its calls and events; both ends are typed from one such description. */
export interface ServiceShape {
  calls: Record<string, { input: unknown; output: unknown }>
  events: Record<string, unknown>
}

export type CallHandlers<S extends ServiceShape> = {
  [C in keyof S['calls']]: (input: S['calls'][C]['input']) => Promise<S['calls'][C]['output']> | S['calls'][C]['output']
}

type Wire =
  | { t: 'call'; id: number; name: string; input: unknown }
  | { t: 'value'; id: number; value: unknown }
  | { t: 'error'; id: number; error: ErrorReport }
  | { t: 'event'; name: string; payload: unknown }

function isWire(message: unknown): message is Wire {
  return typeof message === 'object' && message !== null && 't' in message
}

/** Serves `handlers` on the port. Returns the function that sends events to the other end. */
export function serve<S extends ServiceShape>(
  port: RpcPort,
  handlers: CallHandlers<S>,
): <E extends keyof S['events'] & string>(name: E, payload: S['events'][E]) => void {
  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    try {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
      if (!handler) throw new StudioError('unknown-call', `There is no call named ${name}.`)
      port.post({ t: 'value', id, value: await handler(input) } satisfies Wire)
    } catch (error) {
      port.post({ t: 'error', id, error: reportError(error) } satisfies Wire)
    }
  }
  port.onMessage((message) => {
    if (isWire(message) && message.t === 'call') void answer(message.id, message.name, message.input)
  })
  return (name, payload) => port.post({ t: 'event', name, payload } satisfies Wire)
}

/** The calling end of a service. */
export interface ServiceClient<S extends ServiceShape> {
  call<C extends keyof S['calls'] & string>(name: C, input: S['calls'][C]['input']): Promise<S['calls'][C]['output']>
  on<E extends keyof S['events'] & string>(name: E, listener: (payload: S['events'][E]) => void): void
  /** Rejects what is pending and every later call: the other end is gone. */
  disconnect(error: StudioError): void
}

/** Connects to a service served on the other end of the port. A rejected call rejects with a StudioError. */
export function connect<S extends ServiceShape>(port: RpcPort): ServiceClient<S> {
  let nextId = 1
  let gone: StudioError | null = null
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const listeners = new Map<string, ((payload: never) => void)[]>()

  port.onMessage((message) => {
    if (!isWire(message)) return
    if (message.t === 'event') {
      for (const listener of listeners.get(message.name) ?? []) listener(message.payload as never)
    } else if (message.t !== 'call') {
      const waiting = pending.get(message.id)
      pending.delete(message.id)
      if (message.t === 'value') waiting?.resolve(message.value)
      else waiting?.reject(new StudioError(message.error.code, message.error.message))
    }
  })

  return {
    call(name, input) {
      if (gone) return Promise.reject(gone)
      const id = nextId++
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve: resolve, reject })
        port.post({ t: 'call', id, name, input } satisfies Wire)
      })
    },
    on(name, listener) {
      const known = listeners.get(name) ?? []
      listeners.set(name, [...known, listener])
    },
    disconnect(error) {
      gone = error
      for (const waiting of pending.values()) waiting.reject(error)
      pending.clear()
    },
  }
}
