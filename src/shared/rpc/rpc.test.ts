import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { StudioError } from '../errors'
import { connect, serve, type RpcPort, type ServiceShape } from './rpc'

interface Counter {
  calls: { add: { input: number; output: number }; fail: { input: undefined; output: never } }
  events: { changed: number }
}

const open: MessagePort[] = []
function pair(): [RpcPort, RpcPort] {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  const adapt = (port: MessagePort): RpcPort => ({
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
  })
  return [adapt(port1), adapt(port2)]
}
afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

describe('rpc over a real message port', () => {
  it('answers calls in any order, sends events, and carries errors with their code', async () => {
    const [a, b] = pair()
    let total = 0
    const emit = serve<Counter>(a, {
      add: (by) => {
        total += by
        emit('changed', total)
        return total
      },
      fail: () => {
        throw new StudioError('no-luck', 'Try again later.')
      },
    })
    const client = connect<Counter>(b)
    const seen: number[] = []
    client.on('changed', (value) => seen.push(value))
    expect(await Promise.all([client.call('add', 2), client.call('add', 3)])).toEqual([2, 5])
    expect(seen).toEqual([2, 5])
    await expect(client.call('fail', undefined)).rejects.toMatchObject({ code: 'no-luck', message: 'Try again later.' })
  })

  it('refuses names that are not handlers, inherited ones included', async () => {
    const [a, b] = pair()
    serve<Counter>(a, { add: (by) => by, fail: () => Promise.reject(new Error('x')) })
    const client = connect<ServiceShape>(b)
    await expect(client.call('toString', 1)).rejects.toMatchObject({ code: 'unknown-call' })
  })

  it('rejects what is pending when the other end is gone', async () => {
    const [, b] = pair()
    const client = connect<Counter>(b)
    const waiting = client.call('add', 1)
    client.disconnect(new StudioError('engine-gone', 'The engine stopped.'))
    await expect(waiting).rejects.toMatchObject({ code: 'engine-gone' })
    await expect(client.call('add', 1)).rejects.toMatchObject({ code: 'engine-gone' })
  })
})
