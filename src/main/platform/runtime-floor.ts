/**
 * Fills what the Node floor (20.18) lacks and libp2p expects. The first import of every Node-side entry:
 * static imports are hoisted, so this must be a module of its own. Without it libp2p fails with a misleading
 * ECONNRESET (Promise.withResolvers). Who makes a node imports `websocket-floor` too.
 */
type WithResolvers = <T>() => {
  promise: Promise<T>
  resolve: (value: T | PromiseLike<T>) => void
  reject: (reason?: unknown) => void
}
const promise = Promise as unknown as { withResolvers?: WithResolvers }

promise.withResolvers ??= function withResolvers<T>() {
  let resolve!: (value: T | PromiseLike<T>) => void
  let reject!: (reason?: unknown) => void
  const pending = new Promise<T>((accept, refuse) => {
    resolve = accept
    reject = refuse
  })
  return { promise: pending, resolve, reject }
}

export {}
