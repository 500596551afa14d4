// @vitest-environment happy-dom
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
