import { expect, test } from 'vitest'
import { ChunkReader, type InMessage } from './chunk-reader'
import { MESSAGE, writeMessage, type OutMessage } from './chunk-writer'

test('messages come back whole, whatever their size, their time and the borders of the network', () => {
  let state = 1
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state % below
  }
  for (let round = 0; round < 60; round++) {
    const chunkSize = 1 + random(5000)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(chunkSize)
    const setSize = { chunkStream: 2, type: MESSAGE.setChunkSize, stream: 0, time: 0, body: [size] }
    const sent: OutMessage[] = Array.from({ length: 1 + random(5) }, (_, i) => ({
      ...{ chunkStream: 3 + i, type: MESSAGE.command, stream: random(3) },
      time: random(2 * 0xffffff), // about half of them need the extended timestamp
      body: [Buffer.alloc(random(40), i), Buffer.alloc(1 + random(9000), round)],
    }))
    const bytes = Buffer.concat([writeMessage(setSize, 128), ...sent.map((one) => writeMessage(one, chunkSize))])
    const got: InMessage[] = []
    const reader = new ChunkReader((message) => got.push(message))
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + random(4000)
      reader.push(bytes.subarray(at, end))
      at = end
    }
    const shown = ({ type, stream, time }: InMessage | OutMessage, body: Buffer) => [
      type,
      stream,
      time,
      body.toString('hex'),
    ]
    expect(got.map((one) => shown(one, one.body))).toEqual(sent.map((one) => shown(one, Buffer.concat(one.body))))
  }
})
