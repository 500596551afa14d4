import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeManifestFrame, encodeRecordFrame } from '@shared/live/relayed-show'
import { expect, it } from 'vitest'
import { silentLog } from '../platform/log'
import { RelayPush } from './relay-push'

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

it('a relay that was away when the show ended is still told of the end', async () => {
  const [manifest, record] = [Buffer.from('a manifest'), Buffer.from('the last record')]
  const got: Buffer[] = []
  let isAway = true
  const server = createServer((request, response) => {
    if (isAway) response.writeHead(503).end()
    else void bytesOf(request).then((bytes) => (got.push(bytes), response.end()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const refused = new Promise<RelayPush>((resolve) => {
      const push = new RelayPush({ url, key: 'k' }, manifest, silentLog, ({ state }) => {
        if (state === 'failed') resolve(push)
      })
    })
    const push = await refused
    isAway = false
    await push.end(record)
    const told = Buffer.concat([encodeManifestFrame(manifest), encodeRecordFrame(record)])
    await expect.poll(() => got.map((bytes) => bytes.toString('hex'))).toEqual([told.toString('hex')])
  } finally {
    server.close()
  }
})
