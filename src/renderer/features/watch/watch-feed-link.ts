import { studioClient } from '@/app/studio-client'

/** What `window.postMessage` carries together with the port; see studio-schema.ts. */
export const WATCH_PORT_MESSAGE = 'studio:watch-port'

/** Main makes the port at once; a longer time means that it will not come, milliseconds. */
const PORT_MS = 2000

/** Asks main for a port to the access units of the watched live. An earlier port is closed by the engine. */
export function openWatchFeed(target: Window = window): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      target.removeEventListener('message', onMessage)
    }
    const fail = (error: unknown): void => {
      stop()
      reject(error instanceof Error ? error : new Error('no port to the live'))
    }
    const onMessage = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0]
      if (event.data !== WATCH_PORT_MESSAGE || event.source !== target || port === undefined) return
      stop()
      resolve(port)
    }
    const timer = setTimeout(() => fail(null), PORT_MS)
    target.addEventListener('message', onMessage)
    studioClient().watch.connectFeed().catch(fail)
  })
}
