import type { RpcPort } from './rpc'

/** Two ends of a line inside one process, for what has a process of its own in the app. Messages arrive a turn later. */
export function portPair(): [RpcPort, RpcPort] {
  const end = (): { listeners: ((message: unknown) => void)[] } => ({ listeners: [] })
  const ends = [end(), end()] as const
  const port = (own: 0 | 1): RpcPort => ({
    post: (message) =>
      void Promise.resolve().then(() => {
        for (const listener of ends[own === 0 ? 1 : 0].listeners) listener(message)
      }),
    onMessage: (listener) => void ends[own].listeners.push(listener),
  })
  return [port(0), port(1)]
}
