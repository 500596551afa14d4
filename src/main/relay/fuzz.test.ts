import { describe, expect, it } from 'vitest'
import { CaptionCue } from '@shared/captions/caption-cue'
import { readCaptions } from '@shared/captions/read-captions'
import { StudioError } from '@shared/errors'
import { fuzz as fuzzed } from '../platform/testing/fuzz'
import { readPicture, readSound } from './flv/flv-media'
import { FlvReader } from './flv/flv-reader'
import { flvStart, flvTag } from './flv/flv-tag'
import { readRoute } from './http/route'
import type { MediaPacket } from './live-packet'
import { readHlsMedia } from './pull/hls-media'
import { readHlsPlaylist } from './pull/hls-playlist'
import { BadAmf, decodeAmf0, encodeAmf0 } from './rtmp/amf0'
import { BadRtmp, ChunkReader } from './rtmp/chunk-reader'
import { writeMessage } from './rtmp/chunk-writer'
import { Handshake } from './rtmp/handshake'
import { RtmpSession } from './rtmp/rtmp-session'

/** A share of all inputs of the fuzz tests; everything but the named errors is a fault. */
function fuzz(share: number, samples: readonly Uint8Array[], work: (input: Buffer) => void): void {
  fuzzed(share, samples, work, (error) => [BadRtmp, BadAmf, StudioError].some((named) => error instanceof named))
}

const CONNECT = encodeAmf0('connect', 1, {
  app: 'live',
  type: 'nonprivate',
  flashVer: 'FMLE/3.0',
  tcUrl: 'rtmp://127.0.0.1/live',
  fourCcList: ['hvc1', 'av01'],
})
const PUBLISH = encodeAmf0('publish', 5, null, 'key', 'live')
const AVCC = Buffer.from(
  '0164001fffe1001967640 01facd9405005bb016a02020280000003008000001e478c18cb01000568ebe3cb22c'.replace(/ /g, ''),
  'hex',
)
const command = (body: Buffer, chunkSize = 128): Buffer =>
  writeMessage({ chunkStream: 3, type: 20, stream: 0, time: 0, body: [body] }, chunkSize)
const media = (type: number, body: Buffer): Buffer =>
  writeMessage({ chunkStream: 4, type, stream: 1, time: 0x1000000, body: [body] }, 128)
const PICTURE = Buffer.concat([Buffer.of(0x17, 1, 0, 0, 40), Buffer.alloc(300, 7)])
const PACKET: MediaPacket = { track: 'picture', key: true, timeMs: 5, offsetMs: 40, data: Buffer.alloc(40, 1) }
const CONFIG = {
  picture: { avcC: AVCC, width: 1280, height: 720 },
  sound: { asc: Buffer.of(0x11, 0x90), rate: 48_000, channels: 2 },
}

describe('bytes that mean no good', () => {
  it('AMF: changed commands are read or refused', () => {
    fuzz(0.05, [CONNECT, PUBLISH, encodeAmf0([1, null, true, { a: [undefined, 'x'] }])], (input) => {
      decodeAmf0(input)
    })
  })

  it('RTMP chunks: changed streams are read or refused, and never hold more than was sent', () => {
    const samples = [
      Buffer.concat([command(CONNECT), command(PUBLISH), media(9, PICTURE)]),
      Buffer.concat([Buffer.from('02000000000004010000000000000040', 'hex'), media(8, Buffer.of(0xaf, 1, 2, 3))]),
    ]
    fuzz(0.05, samples, (input) => {
      let got = 0
      const reader = new ChunkReader(({ body }) => (got += body.length))
      const cut = input.length >> 1
      reader.push(input.subarray(0, cut))
      reader.push(input.subarray(cut))
      if (got > input.length) throw new Error('more than was sent')
    })
  })

  it('whole RTMP sessions: changed conversations end in words or in silence, never in an exception', () => {
    const hello = Buffer.alloc(3073, 1)
    hello[0] = 3
    const samples = [Buffer.concat([command(CONNECT), command(PUBLISH), media(9, PICTURE), media(8, PICTURE)])]
    const noted: string[] = []
    fuzz(0.02, samples, (input) => {
      const socket = { queued: () => 0, write: () => undefined, close: () => undefined, destroy: () => undefined }
      const refuse = (): never => {
        throw new StudioError('wrong-key', 'This stream key is not known here.')
      }
      const session = new RtmpSession(socket, { publish: refuse, play: refuse, log: (line) => noted.push(line) })
      session.push(hello)
      session.push(input)
      session.close()
    })
    expect(noted).toEqual([]) // what is noted there was no refusal but a fault of ours
  })

  it('handshakes of other protocols are refused with their first byte', () => {
    expect(() => new Handshake(() => undefined).push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(BadRtmp)
  })

  it('FLV: changed streams and bodies are read or refused', () => {
    const stream = Buffer.concat([flvStart(CONFIG, 0), flvTag(PACKET), flvTag({ ...PACKET, track: 'sound' })])
    fuzz(0.05, [stream], (input) => {
      let got = 0
      const reader = new FlvReader(({ body }) => (got += body.length))
      reader.push(input)
      if (got > input.length) throw new Error('more than was sent')
    })
    const picture = Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), AVCC])
    expect(readPicture(picture)).toMatchObject({ kind: 'config', config: { width: 1280, height: 720 } })
    fuzz(0.03, [picture, PICTURE, Buffer.of(0xaf, 0, 0x11, 0x90)], (input) => {
      readPicture(input)
      readSound(input)
    })
  })

  it('requests: changed paths are routed or refused', () => {
    const paths = [
      '/live/show/live.m3u8?_HLS_msn=12&_HLS_part=3',
      '/live/show/part-abc123-12.3.m4s',
      '/watch/show',
      '/api/show.json',
      '/page/watch.js',
    ].map((path) => Buffer.from(path))
    fuzz(0.02, paths, (input) => {
      const route = readRoute(input.toString('latin1'))
      if (route && 'name' in route && !/^[\w.-]{1,48}$/.test(route.name)) throw new Error('a name with more in it')
    })
  })
})

describe('somebody else’s playlists and captions', () => {
  const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:1
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES
#EXT-X-PART-INF:PART-TARGET=0.1
#EXT-X-MEDIA-SEQUENCE:4
#EXT-X-MAP:URI="i.mp4",BYTERANGE="800@0"
#EXT-X-BYTERANGE:500@800
#EXTINF:1.0,
a.m4s
#EXT-X-PART:DURATION=0.1,URI="b.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="c.m4s"
`
  const CAPTIONS =
    'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:9\n\n00:01.000 --> 00:02.000 line:1\n<v A>&amp;x\n'

  it('changed ones are read or refused; no other protocol and no markup comes out of them', () => {
    fuzz(0.04, [Buffer.from(PLAYLIST)], (input) => {
      const text = input.toString('latin1')
      readHlsPlaylist(text, 'http://a/b')
      for (const { whole, parts, init } of readHlsMedia(text, 'http://a/b').segments) {
        for (const piece of [whole, init, ...parts]) {
          if (piece && !/^https?:/.test(piece.url)) throw new Error(piece.url)
        }
      }
    })
    fuzz(0.04, [Buffer.from(CAPTIONS)], (input) => {
      for (const cue of readCaptions(input.toString('latin1')).cues) CaptionCue.parse(cue)
    })
  })
})

describe('a sender that wants memory', () => {
  const head = (chunkStream: number, length: number): Buffer => {
    const bytes = writeMessage({ chunkStream, type: 9, stream: 1, time: 0, body: [Buffer.alloc(1)] }, 128)
    bytes.writeUIntBE(length, 4, 3)
    return bytes
  }

  it('gets none for what it only announces: messages are refused by their length', () => {
    expect(() => new ChunkReader(() => undefined).push(head(4, 0xffffff))).toThrow(/a message of/)
  })

  it('cannot open many messages at once and finish none', () => {
    const reader = new ChunkReader(() => undefined)
    const open = (): void => {
      for (let id = 3; id < 60; id++) {
        reader.push(Buffer.concat([head(id, 60_000).subarray(0, 12), Buffer.alloc(128)]))
      }
    }
    expect(open).toThrow(/too many chunk streams/)
  })

  it('cannot pile up answers that it never reads', () => {
    let [queued, hungUp] = [0, false]
    const socket = {
      queued: () => queued,
      write: (bytes: Uint8Array) => void (queued += bytes.length),
      close: () => undefined,
      destroy: () => void (hungUp = true),
    }
    const never = (): never => {
      throw new Error('not reached')
    }
    const session = new RtmpSession(socket, { publish: never, play: never, log: () => undefined })
    const hello = Buffer.alloc(3073, 1)
    hello[0] = 3
    session.push(hello)
    const ask = command(encodeAmf0('createStream', 1, null))
    for (let i = 0; i < 10_000; i++) session.push(ask)
    expect(hungUp).toBe(true)
    expect(queued).toBeLessThan(80_000)
  })

  it('cannot make one byte cost a hundred with the smallest chunks', () => {
    const reader = new ChunkReader(() => undefined)
    reader.maxMessage = 4 << 20
    reader.push(Buffer.from('02000000000004010000000000000001', 'hex'))
    reader.push(head(4, 3 << 20))
    const before = process.memoryUsage()
    const two = Buffer.alloc(200_000)
    for (let i = 0; i < two.length; i += 2) two[i] = 0xc4
    for (let i = 0; i < 10; i++) reader.push(two)
    const after = process.memoryUsage()
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(40 << 20)
  })
})
