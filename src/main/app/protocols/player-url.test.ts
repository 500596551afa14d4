import { describe, expect, it } from 'vitest'
import { parsePlayerUrl, playlistUrl } from './player-url'

describe('parsePlayerUrl', () => {
  it('reads its own addresses, with and without blocking reload', () => {
    expect(parsePlayerUrl(playlistUrl('v-1'))).toEqual({ viewId: 'v-1', name: 'index.m3u8', blockUntilSeq: null })
    expect(parsePlayerUrl(`${playlistUrl('v-1')}?_HLS_msn=17`)?.blockUntilSeq).toBe(17)
  })

  it.each([
    'media://file/etc/passwd',
    'media://live/v-1',
    'media://live/v-1/a/b',
    'media://live/v-1/..%2f..%2fetc',
    'media://live//index.m3u8',
    'https://live/v-1/index.m3u8',
    'media:live',
    '',
  ])('refuses %s', (address) => expect(parsePlayerUrl(address)).toBeNull())

  it('ignores a sequence number that is none', () => {
    for (const msn of ['-1', '1e9', '', '9'.repeat(16)]) {
      expect(parsePlayerUrl(`${playlistUrl('v')}?_HLS_msn=${msn}`)?.blockUntilSeq).toBeNull()
    }
  })
})
