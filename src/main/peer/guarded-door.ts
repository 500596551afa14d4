import type { Server, Socket } from 'node:net'
import type { Transport } from '@libp2p/interface'

type OnSocket = (socket: Socket) => void

/**
 * A TCP transport whose listeners close sockets of addresses that are not let in before anything else is made for them: a
 * connection of libp2p that is refused has cost a timer, listeners and some thirty objects by then, hundreds of times a second
 * in a flood. What a listener of @libp2p/tcp keeps as `server` is used; without it all sockets are let in here.
 */
export function guardedDoor<C, T extends Transport>(
  create: (components: C) => T,
  lets: (ip: string) => boolean,
): (components: C) => T {
  return (components) => {
    const transport = create(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      const { server } = listener as { server?: Server }
      const takes = (server?.listeners('connection') ?? []) as OnSocket[]
      if (server !== undefined && takes.length > 0) {
        server.removeAllListeners('connection')
        server.on('connection', (socket: Socket) => {
          if (socket.remoteAddress === undefined || !lets(socket.remoteAddress)) {
            socket.on('error', () => undefined)
            socket.resetAndDestroy()
          } else for (const take of takes) take.call(server, socket)
        })
      }
      return listener
    }
    return transport
  }
}
