import type { MessagePortMain } from 'electron'
import type { RpcPort } from '@shared/rpc/rpc'

/** The engine's end of the line to main. */
export function parentRpcPort(): RpcPort {
  return {
    post: (message) => process.parentPort.postMessage(message),
    onMessage: (listener) => void process.parentPort.on('message', (event) => listener(event.data)),
  }
}

/** One end of a channel as a line for typed calls; start it when the other side is set up. */
export function portRpc(port: MessagePortMain): RpcPort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
  }
}

interface PortAnnouncement {
  t: 'port'
  use: string
  /** What a person calls that which comes by it. */
  title?: string
}

/** Calls back for every port that main sends with an announcement `{ t: 'port', use, title? }`. */
export function onPort(listener: (use: string, port: MessagePortMain, title: string | undefined) => void): void {
  process.parentPort.on('message', (event) => {
    const message = event.data as Partial<PortAnnouncement> | null
    const port = event.ports[0]
    if (message?.t === 'port' && typeof message.use === 'string' && port) listener(message.use, port, message.title)
  })
}
