// @vitest-environment happy-dom
import type { CaptionCue } from '@shared/captions/caption-cue'
import { act } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderForTest } from '@/app/render-for-test'
import { Player } from './Player'

afterEach(() => vi.restoreAllMocks())

test('a finished video has a place to seek and a speed, and no LIVE button', async () => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined)
  const { host } = await renderForTest(
    <Player
      title="Holiday"
      subtitle="Talk"
      source={{ kind: 'file', url: 'media://vod/holiday.mp4' }}
      visible
      onBack={() => undefined}
    />,
  )
  const video = host.querySelector('video')!
  Object.defineProperty(video, 'duration', { value: 90 })
  await act(async () => {
    video.dispatchEvent(new Event('durationchange'))
    await Promise.resolve()
  })
  expect(video.src).toBe('media://vod/holiday.mp4')
  expect(host.querySelector('.player__edge')).toBeNull()
  expect(host.querySelector('[data-stat="position"]')?.textContent).toBe('0:00 / 1:30')
  const speed = host.querySelector<HTMLSelectElement>('select[aria-label="Speed"]')!
  await act(async () => {
    speed.value = '1.5'
    speed.dispatchEvent(new Event('change', { bubbles: true }))
    await Promise.resolve()
  })
  expect(video.playbackRate).toBe(1.5)
  expect(video.preservesPitch).toBe(true)
  await act(async () => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: '<' }))
    await Promise.resolve()
  })
  expect(video.playbackRate).toBe(1.25)
  await act(async () => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }))
    await Promise.resolve()
  })
  expect(video.currentTime).toBe(5)
})

test('a video that cannot be played says so', async () => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockRejectedValue(new Error('no'))
  const { host } = await renderForTest(
    <Player title="Gone" subtitle="" source={{ kind: 'file', url: 'media://x' }} visible onBack={() => undefined} />,
  )
  await act(async () => {
    host.querySelector('video')!.dispatchEvent(new Event('error'))
    await Promise.resolve()
  })
  expect(host.querySelector('[role="alert"]')?.textContent).toMatch(/cannot be played/)
})

test('captions of a file: read out by name, chosen by menu or by C, kept for the next video, never markup', async () => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined)
  localStorage.clear()
  const cue = (text: string): CaptionCue => ({ startMs: 0, endMs: 9000, text, top: false })
  const files = [
    { label: 'English', language: 'en', cues: [cue('<b>Hello</b>')] },
    { label: 'Deutsch', language: 'de', cues: [cue('Guten Abend')] },
  ]
  const player = (
    <Player
      title="Talk"
      subtitle=""
      source={{ kind: 'file', url: 'media://file/x' }}
      visible
      onBack={() => undefined}
      captions={{ files, openFile: () => Promise.resolve(null) }}
    />
  )
  const { host } = await renderForTest(player)
  const region = (): Element | null => host.querySelector('[role="region"][aria-label="Captions"]')
  const button = (name: string): HTMLElement | null => host.querySelector(`button[aria-label="${name}"]`)
  const press = (act_: () => void): Promise<void> =>
    act(async () => {
      act_()
      await Promise.resolve()
    })
  expect(region()).toBeNull()
  await press(() => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'c' })))
  expect(region()?.textContent).toBe('<b>Hello</b>')
  expect(region()?.querySelector('b')).toBeNull()
  await press(() => button('Captions: English')?.click())
  const choices = [...host.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  expect(choices.map(({ textContent }) => textContent)).toEqual([
    ...['OffC', 'Englishen', 'Deutschde', 'Open a file….vtt .srt'],
  ])
  await press(() => choices[2]!.click())
  expect(region()?.textContent).toBe('Guten Abend')
  const next = await renderForTest(player)
  expect(next.host.querySelector('[role="region"]')?.textContent).toBe('Guten Abend')
})
