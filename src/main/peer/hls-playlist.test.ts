import { describe, expect, test } from 'vitest'
import { hlsPlaylist } from './hls-playlist'
import type { PlayableSegment } from './live-view'

function playable(seq: number, change: Partial<PlayableSegment> = {}): PlayableSegment {
  return {
    seq,
    durationMs: 1000,
    rendition: 'source',
    initCid: 'bafkrei1',
    discontinuity: false,
    discontinuitySequence: 0,
    publishedAt: Date.UTC(2026, 10, 1) + seq * 1000,
    ...change,
  }
}

function lines(segments: PlayableSegment[], ended: unknown = null): string[] {
  return (hlsPlaylist({ window: () => segments, ended }) ?? '').split('\n')
}

describe('the playlist of a watched live', () => {
  test('of a plain window', () => {
    expect(lines([playable(41), playable(42, { durationMs: 1966.67 })])).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES',
      '#EXT-X-MEDIA-SEQUENCE:41',
      '#EXT-X-DISCONTINUITY-SEQUENCE:0',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="init-bafkrei1.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-01T00:00:40.000Z',
      '#EXTINF:1.00000,',
      'seg-source-41.m4s',
      '#EXTINF:1.96667,',
      'seg-source-42.m4s',
      '',
    ])
  })

  test('there is none before the first segment', () => {
    expect(hlsPlaylist({ window: () => [], ended: null })).toBeNull()
  })

  test('another init is a discontinuity, also after it left the window', () => {
    const changed = { initCid: 'bafkrei2', discontinuitySequence: 1 }
    const text = lines([playable(1), playable(2, { ...changed, discontinuity: true }), playable(3, changed)])
    const at = text.indexOf('#EXT-X-DISCONTINUITY')
    expect(text.slice(at, at + 2)).toEqual(['#EXT-X-DISCONTINUITY', '#EXT-X-MAP:URI="init-bafkrei2.mp4"'])
    expect(text.filter((line) => line === '#EXT-X-DISCONTINUITY')).toHaveLength(1)
    const later = lines([playable(2, { ...changed, discontinuity: true }), playable(3, changed)])
    expect(later).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1')
    expect(later).not.toContain('#EXT-X-DISCONTINUITY')
  })

  test('another rendition is another init and another name', () => {
    const small = { rendition: 'small', initCid: 'bafkrei2', discontinuity: true, discontinuitySequence: 1 }
    const text = lines([playable(1), playable(2, small)])
    expect(text.slice(text.indexOf('seg-source-1.m4s'))).toEqual([
      'seg-source-1.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="init-bafkrei2.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-01T00:00:01.000Z',
      '#EXTINF:1.00000,',
      'seg-small-2.m4s',
      '',
    ])
  })

  test('a missed number is a gap, so that numbers and names stay in step', () => {
    const text = lines([playable(1), playable(3)])
    expect(text).toContain('#EXT-X-VERSION:8')
    const at = text.indexOf('#EXT-X-GAP')
    expect(text.slice(at, at + 3)).toEqual(['#EXT-X-GAP', '#EXTINF:1.00000,', 'seg-source-2.m4s'])
  })

  test('the end is said', () => {
    expect(lines([playable(1)], { reason: 'finished' }).at(-2)).toBe('#EXT-X-ENDLIST')
  })
})
