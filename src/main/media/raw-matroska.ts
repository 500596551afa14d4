/**
 * The little of Matroska (RFC 9559) that carries raw I420 pictures with their own times to ffmpeg. `-f rawvideo` knows
 * only one constant rate; this way a variable rate survives. Times are microseconds.
 */

const TIMESTAMP_SCALE_NS = 1000

const ID = {
  header: 0x1a45dfa3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  colourSpace: 0x2eb524,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
}

/** The start of the stream. `fps` is nominal: players' and encoders' hint, the times decide. */
export function matroskaHead(width: number, height: number, fps: number): Uint8Array {
  const header = [text(ID.docType, 'matroska'), number(ID.docTypeVersion, 4), number(ID.docTypeReadVersion, 2)]
  const info = [number(ID.timestampScale, TIMESTAMP_SCALE_NS), text(ID.muxingApp, 'we'), text(ID.writingApp, 'we')]
  const video = [
    number(ID.pixelWidth, width),
    number(ID.pixelHeight, height),
    element(ID.colourSpace, Buffer.from('I420', 'latin1')),
  ]
  const track = [
    number(ID.trackNumber, 1),
    number(ID.trackUid, 1),
    number(ID.trackType, 1),
    text(ID.codecId, 'V_UNCOMPRESSED'),
    ...(fps > 0 ? [number(ID.defaultDuration, Math.round(1e9 / fps))] : []),
    element(ID.video, Buffer.concat(video)),
  ]
  return Buffer.concat([
    element(ID.header, Buffer.concat(header)),
    id(ID.segment),
    Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), // unknown length: to the end of the stream
    element(ID.info, Buffer.concat(info)),
    element(ID.tracks, element(ID.trackEntry, Buffer.concat(track))),
  ])
}

/** What goes before the bytes of one picture: a cluster of its own, whose only block is the picture. */
export function matroskaFrameHead(timeUs: number, pictureBytes: number): Uint8Array {
  const time = number(ID.timestamp, timeUs)
  // Track 1, time 0 within the cluster, key frame.
  const block = Buffer.concat([id(ID.simpleBlock), length(4 + pictureBytes), Buffer.from([0x81, 0, 0, 0x80])])
  return Buffer.concat([id(ID.cluster), length(time.length + block.length + pictureBytes), time, block])
}

function id(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0))
}

/** Always 8 bytes: a marker bit and 56 bits. */
function length(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  bytes[0] = 1
  return bytes
}

function element(name: number, content: Uint8Array): Buffer {
  return Buffer.concat([id(name), length(content.length), content])
}

function number(name: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return element(name, bytes)
}

function text(name: number, value: string): Buffer {
  return element(name, Buffer.from(value, 'latin1'))
}
