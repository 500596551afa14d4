import { encodeAmf0, type AmfValue } from './amf0'
import { MESSAGE, OUT_CHUNK_SIZE, writeMessage } from './chunk-writer'
import { MEDIA_STREAM } from './rtmp-media'

const WINDOW = 5_000_000
const CONTROL = 2
const COMMAND = 3
/** Chunks are this small until the other side has read that ours are larger. */
const FIRST_CHUNK_SIZE = 128

/** Our answers, RTMP 1.0, 5.4 and 7.2. */
export const replies = {
  connected: (transaction: number): Buffer =>
    Buffer.concat([
      control(MESSAGE.windowSize, u32(WINDOW)),
      control(MESSAGE.peerBandwidth, Buffer.concat([u32(WINDOW), Buffer.of(2)])),
      control(MESSAGE.setChunkSize, u32(OUT_CHUNK_SIZE)),
      command(
        0,
        '_result',
        transaction,
        { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
        status('status', 'NetConnection.Connect.Success', 'Connected.'),
      ),
    ]),
  rejected: (transaction: number, why: string): Buffer =>
    command(0, '_error', transaction, null, status('error', 'NetConnection.Connect.Rejected', why), FIRST_CHUNK_SIZE),
  streamMade: (transaction: number): Buffer => command(0, '_result', transaction, null, MEDIA_STREAM),
  streamStatus: (level: 'status' | 'error', code: string, words: string): Buffer =>
    command(MEDIA_STREAM, 'onStatus', 0, null, status(level, code, words)),
  streamBegins: (): Buffer => control(MESSAGE.userControl, Buffer.concat([Buffer.of(0, 0), u32(MEDIA_STREAM)])),
  streamEnds: (): Buffer => control(MESSAGE.userControl, Buffer.concat([Buffer.of(0, 1), u32(MEDIA_STREAM)])),
  pong: (stamp: Buffer): Buffer => control(MESSAGE.userControl, Buffer.concat([Buffer.of(0, 7), stamp])),
  received: (bytes: number): Buffer => control(MESSAGE.acknowledgement, u32(bytes >>> 0)),
}

function status(level: string, code: string, description: string): AmfValue {
  return { level, code, description }
}

function command(
  stream: number,
  name: string,
  transaction: number,
  object: AmfValue,
  info: AmfValue,
  chunkSize = OUT_CHUNK_SIZE,
): Buffer {
  const body = [encodeAmf0(name, transaction, object, info)]
  return writeMessage({ chunkStream: COMMAND, type: MESSAGE.command, stream, time: 0, body }, chunkSize)
}

function control(type: number, body: Buffer): Buffer {
  return writeMessage({ chunkStream: CONTROL, type, stream: 0, time: 0, body: [body] }, FIRST_CHUNK_SIZE)
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
