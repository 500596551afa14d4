import { describe, expect, it } from 'vitest'
import { CAPTION_LIMITS, cuesAt } from './caption-cue'
import { readCaptions } from './read-captions'

const VTT = `\uFEFFWEBVTT - talk
X-TIMESTAMP-MAP=LOCAL:00:00:01.000,MPEGTS:900000

STYLE
::cue { color: red }

NOTE nobody reads this

intro
00:01.000 --> 00:02.500 line:10%
<v Anna>Good <b>evening</b> &amp; welcome
- Hello <i>you

01:00:00.000 --> 01:00:01.000
Late
`

describe('captions that a person opens or a server sends', () => {
  it('are read with their times and places, as plain text', () => {
    expect(readCaptions(VTT)).toEqual({
      cues: [
        { startMs: 1000, endMs: 2500, text: 'Good evening & welcome\n- Hello you', top: true },
        { startMs: 3_600_000, endMs: 3_601_000, text: 'Late', top: false },
      ],
      map: { localMs: 1000, ticks: 900_000 },
    })
  })

  it('may be SRT', () => {
    const { cues } = readCaptions(
      '1\r\n00:00:01,500 --> 00:00:03,000\r\n{\\an8}Top\r\n\r\n2\r\n00:00:04,0 --> 00:00:05,0\r\n5\r\n',
    )
    expect(cues).toEqual([
      { startMs: 1500, endMs: 3000, text: 'Top', top: true },
      { startMs: 4000, endMs: 5000, text: '5', top: false },
    ])
  })

  it('never bring markup along: every tag is gone, and an entity gives a letter and no tag', () => {
    const evil = [
      '<script>alert(1)</script>',
      '&lt;img src=x onerror=alert(1)&gt;',
      '<img src="x>',
      '&#x3c;b&#62; &#0;&#xd800;',
    ]
    const { cues } = readCaptions(`WEBVTT\n\n00:00.000 --> 00:09.000\n${evil.join('\n')}`)
    // Shown as a text node these are letters.
    expect(cues[0]!.text).toBe('alert(1)\n<img src=x onerror=alert(1)>\n<b> &#0;&#xd800;')
  })

  it('pass over what is damaged, and refuse what is none', () => {
    expect(
      readCaptions('WEBVTT\n\n00:05.000 --> 00:04.000\nback\n\n00:0x --> 1\nx\n\n00:06.000 --> 00:07.000\n\n').cues,
    ).toEqual([])
    expect(() => readCaptions('<html>')).toThrow(/no captions/)
    expect(() => readCaptions('WEBVTT'.padEnd(CAPTION_LIMITS.fileLength + 1))).toThrow(/too large/)
  })

  it('are bounded: hostile files of 2 MB cost no more than a moment', () => {
    const bodies = ['<', '&', '{\\', '-->', '00:00.000 --> 00:01.000\na\n\n', '00:00.000 --> 00:01.000\n<<<<&#', '\r']
    for (const body of bodies) {
      const before = performance.now()
      const { cues } = readCaptions(`WEBVTT\n${body.repeat(Math.floor((2 << 20) / body.length) - 10)}`)
      expect(cues.length).toBeLessThanOrEqual(CAPTION_LIMITS.cues)
      for (const { text } of cues.slice(0, 50)) expect(text.length).toBeLessThanOrEqual(CAPTION_LIMITS.textLength)
      expect(performance.now() - before, body).toBeLessThan(20_000) // 0.1 s; minutes where time grows with the square
    }
  })

  it('are shown while their time lasts', () => {
    const { cues } = readCaptions(VTT)
    expect(cuesAt(cues, 999)).toEqual([])
    expect(cuesAt(cues, 1000).map(({ top }) => top)).toEqual([true])
    expect(cuesAt(cues, 2500)).toEqual([])
  })
})
