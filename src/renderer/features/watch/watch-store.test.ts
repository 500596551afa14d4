import { beforeEach, expect, test } from 'vitest'
import { useWatch } from './watch-store'

const sound = (): string => {
  const { muted, volume } = useWatch.getState()
  return `${muted ? 'muted' : 'on'} ${Math.round(volume * 100)}`
}

beforeEach(() => useWatch.setState({ volume: 0.5, muted: false }))

test('steps change the volume within its bounds; at nothing it is muted', () => {
  const { stepVolume, setVolume } = useWatch.getState()
  stepVolume(0.05)
  expect(sound()).toBe('on 55')
  setVolume(0.98)
  stepVolume(0.05)
  expect(sound()).toBe('on 100')
  setVolume(0.03)
  stepVolume(-0.05)
  expect(sound()).toBe('muted 0')
})

test('muting keeps the volume; louder or unmuting brings it back', () => {
  const { stepVolume, setMuted } = useWatch.getState()
  setMuted(true)
  stepVolume(-0.05)
  expect(sound()).toBe('muted 50')
  stepVolume(0.05)
  expect(sound()).toBe('on 50')
})

test('unmuting is heard, also when the slider stood at nothing', () => {
  const { setVolume, setMuted } = useWatch.getState()
  setVolume(0)
  setMuted(false)
  expect(sound()).toBe('on 50')
})
