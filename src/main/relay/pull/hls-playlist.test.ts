import { describe, expect, it } from 'vitest'
import { readHlsMedia } from './hls-media'
import { readHlsPlaylist, variantLabel } from './hls-playlist'

const MASTER = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",URI="de.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en, \\"x\\"",DEFAULT=YES,URI="../en.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="EN",URI="subs/en.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s2",NAME="English",LANGUAGE="en",URI="subs2/en.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Signs",LANGUAGE="en",FORCED=YES,URI="subs/signs.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="",LANGUAGE="<b>",URI="subs/x.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Mine",URI="file:///etc/passwd"
#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"

low/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080
https://cdn.example.org/high.m3u8?x=1
#EXT-X-STREAM-INF:BANDWIDTH=9000000
file:///etc/passwd
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"
`

describe('readHlsPlaylist', () => {
  it('lists the qualities of a master, best first, with the sound that goes with each; never a local file', () => {
    const list = readHlsPlaylist(MASTER, 'https://example.org/a/b/master.m3u8')
    expect(list).toEqual({
      kind: 'master',
      variants: [
        { url: 'https://cdn.example.org/high.m3u8?x=1', soundUrl: null, bandwidth: 5e6, width: 1920, height: 1080 },
        {
          url: 'https://example.org/a/b/low/index.m3u8',
          soundUrl: 'https://example.org/a/en.m3u8',
          ...{ bandwidth: 9e5, width: 640, height: 360 },
        },
      ],
      captions: [
        { url: 'https://example.org/a/b/subs/en.m3u8', label: 'English', language: 'en' },
        { url: 'https://example.org/a/b/subs/x.m3u8', label: 'Captions 2', language: '' },
      ],
    })
    if (list.kind === 'master')
      expect(list.variants.map((one) => variantLabel(one, list.variants))).toEqual(['1080p', '360p'])
  })

  it('tells a live playlist from a finished one, and how long that is', () => {
    const media = '#EXTM3U\r\n#EXT-X-TARGETDURATION:4\r\n#EXTINF:4.000,\r\na.ts\r\n#EXTINF:2.5\r\nb.ts\r\n'
    expect(readHlsPlaylist(media, 'http://a/')).toEqual({ kind: 'media', live: true, durationMs: 6500, parts: false })
    expect(readHlsPlaylist(`${media}#EXT-X-ENDLIST\r\n`, 'http://a/')).toMatchObject({ live: false })
  })

  it.each(['', '<html>', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:///etc/passwd'])('refuses %j', (text) => {
    expect(() => readHlsPlaylist(text, 'http://a/')).toThrow(/playlist/)
  })

  it('takes time linear in the length of a hostile playlist', () => {
    const text = `#EXTM3U\n${'#EXT-X-STREAM-INF:'.repeat(20_000)}\n${'#EXT-X-STREAM-INF:\n'.repeat(20_000)}`
    const before = performance.now()
    expect(() => readHlsPlaylist(text, 'http://a/')).toThrow()
    expect(() => readHlsPlaylist(`#EXTM3U\n#EXT-X-STREAM-INF:${'A'.repeat(1 << 20)}`, 'http://a/')).toThrow()
    readHlsMedia(`#EXTM3U\n#EXT-X-PART:${'A'.repeat(1 << 20)}\n${'#EXT-X-PART:A="'.repeat(70_000)}`, 'http://a/')
    expect(performance.now() - before).toBeLessThan(20_000) // moments; minutes where time grows with the square
  })
})

describe('readHlsMedia', () => {
  const LIST = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.3
#EXT-X-PART-INF:PART-TARGET=0.102
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="init.mp4",BYTERANGE="800@0"
#EXTINF:2.000,
#EXT-X-BYTERANGE:5000@800
all.m4s
#EXT-X-PART:DURATION=0.1,URI="p8.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.1,URI="all.m4s",BYTERANGE="100"
#EXT-X-PART:DURATION=0.1,URI="file:///etc/passwd"
#EXTINF:1.5,
p8.m4s
#EXT-X-PART:DURATION=0.1,URI="p9.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p9.1.m4s"
`

  it('knows segments, their parts and ranges, what comes next, and the one that grows', () => {
    const media = readHlsMedia(LIST, 'http://a/live/x.m3u8')
    expect(media).toMatchObject({ live: true, targetMs: 2000, partTargetMs: 102, canBlock: true, encrypted: false })
    expect(media.hint?.url).toBe('http://a/live/p9.1.m4s')
    expect(media.segments.map(({ number, whole, parts }) => [number, whole?.url, parts.map(({ url }) => url)])).toEqual(
      [
        [7, 'http://a/live/all.m4s', []],
        [8, 'http://a/live/p8.m4s', ['http://a/live/p8.0.m4s', 'http://a/live/all.m4s']],
        [9, undefined, ['http://a/live/p9.0.m4s']],
      ],
    )
    const [first, second] = media.segments
    expect(first).toMatchObject({ init: { range: { from: 0, length: 800 } }, whole: { range: { from: 800 } } })
    expect(second).toMatchObject({ startMs: 2000, durationMs: 1500, parts: [{ independent: true }, {}] })
    expect(second?.parts[1]?.range).toEqual({ from: 5800, length: 100 })
    expect(readHlsMedia(`${LIST}#EXT-X-KEY:METHOD=AES-128,URI="k"\n`, 'http://a/').encrypted).toBe(true)
  })
})
