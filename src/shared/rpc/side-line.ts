import type { RpcPort } from './rpc'

/**
 * Another line over a port that already serves one: its messages travel in an envelope that the first line, which looks
 * for a field `t`, takes for none of its own.
 */
export function sideLine(port: RpcPort, name: string): RpcPort {
  return {
    post: (message) => port.post({ line: name, message }),
    onMessage: (listener) =>
      port.onMessage((wrapped) => {
        if (typeof wrapped !== 'object' || wrapped === null || !('line' in wrapped) || !('message' in wrapped)) return
        if (wrapped.line === name) listener(wrapped.message)
      }),
  }
}
