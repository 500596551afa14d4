import type { MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

/** A connection below its encryption; `sendData` is what `AbstractMessageStream` of @libp2p/utils calls to write. */
export interface RawConnection extends MultiaddrConnection {
  sendData: (data: Uint8ArrayList) => { sentBytes: number; canSendMore: boolean }
  safeDispatchEvent: (name: string) => boolean
}

/** A transport whose connections, dialled and accepted, are shown to `take` before anything goes over them. */
export function eachConnection<C, T extends Transport>(
  create: (components: C) => T,
  take: (connection: RawConnection) => void,
): (components: C) => T {
  const watching = (upgrader: Upgrader): Upgrader =>
    new Proxy(upgrader, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'upgradeInbound' && name !== 'upgradeOutbound') return value.bind(target) as unknown
        return (connection: RawConnection, ...rest: unknown[]): unknown => {
          take(connection)
          return Reflect.apply(value, target, [connection, ...rest]) as unknown
        }
      },
    })
  return (components) => {
    const transport = create(components)
    const dial = transport.dial.bind(transport)
    transport.dial = (address, options) => dial(address, { ...options, upgrader: watching(options.upgrader) })
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => createListener({ ...options, upgrader: watching(options.upgrader) })
    return transport
  }
}
