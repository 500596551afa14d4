import { describe, expect, it } from 'vitest'
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
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
