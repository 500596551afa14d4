import { describe, expect, it } from 'vitest'
import type { StudioError } from '@shared/errors'
import type { EncodeSettings } from '@shared/media/encode-settings'
import { EncodeControl } from './encode-control'
import type { PictureSettings } from './picture-settings'

const format = { width: 1280, height: 720, fps: 30 }

function start(settings: Partial<EncodeSettings> = {}) {
  const notices: StudioError[] = []
  const control = new EncodeControl(format, { quality: 'balanced', encoder: 'auto', ...settings }, (notice) =>
    notices.push(notice),
  )
  const changes: PictureSettings[] = []
  const encoding = {
    settings: control.begin(),
    change(next: PictureSettings) {
      if (JSON.stringify(next) !== JSON.stringify(this.settings)) changes.push(next)
      this.settings = next
    },
    hasSmall: false,
    setSmall(on: boolean) {
      this.hasSmall = on
    },
  }
  control.follow(encoding)
  return { control, notices, changes, encoding }
}

/** A second of load for each letter: `s` slow, `.` calm. */
function seconds(control: EncodeControl, from: number, pattern: string, free: number | null = null): number {
  for (let i = 0; i < pattern.length; i++) control.load((from + i) * 1000, pattern[i] === 's', free)
  return from + pattern.length
}

describe('a running live', () => {
  it('begins as the quality says', () => {
    expect(start().encoding.settings).toEqual({
      ...{ encoder: 'libx264', preset: 'superfast', kbps: 3500, width: 1280, height: 720, sparse: false },
    })
    expect(start({ quality: 'saver' }).encoding.settings).toMatchObject({ kbps: 1500, preset: 'veryfast' })
    expect(start({ quality: 'high' }).encoding.settings).toMatchObject({ kbps: 6000 })
  })

  it('takes another quality at once, and keeps what the line allows', () => {
    const { control, encoding } = start()
    control.settings = { quality: 'high', encoder: 'auto' }
    expect(encoding.settings.kbps).toBe(6000)
    control.uplink({ atMs: 0, queuedMs: 1500, carriedKbps: 2140, links: 1 })
    expect(encoding.settings.kbps).toBe(1200)
    expect(control.words).toBe('bitrate 1.2 of 6.0 Mbps (network)')
    control.settings = { quality: 'balanced', encoder: 'auto' }
    expect(encoding.settings.kbps).toBe(1200)
  })

  it('is encoded by the hardware that works, in software when the person wants it or the hardware broke', () => {
    const { control, encoding } = start()
    control.hardware = 'h264_nvenc'
    control.load(0, false)
    expect(encoding.settings.encoder).toBe('libx264')
    control.settings = { quality: 'balanced', encoder: 'software' }
    expect(encoding.settings.encoder).toBe('libx264')
    control.settings = { quality: 'balanced', encoder: 'auto' }
    expect(encoding.settings.encoder).toBe('h264_nvenc')
    control.replaced({ ...encoding.settings, encoder: 'libx264' })
    control.load(1000, false)
    expect(encoding.settings.encoder).toBe('libx264')
    expect(control.begin().encoder).toBe('libx264')
  })

  it('gets a smaller picture only where too few bits are left for the whole one, without flapping', () => {
    const { control, encoding } = start()
    const sizes: string[] = []
    let at = 0
    const line = (carriedKbps: number): void => {
      control.uplink({ atMs: (at += 3000), queuedMs: 1500, carriedKbps, links: 1 })
      sizes.push(`${encoding.settings.width} at ${encoding.settings.kbps}`)
    }
    line(2140)
    line(1290)
    expect(sizes).toEqual(['1280 at 1200', '640 at 690'])
    for (let calm = 0; calm < 200; calm++) {
      control.uplink({ atMs: (at += 1000), queuedMs: 100, carriedKbps: null, links: 1 })
      const { width, kbps } = encoding.settings
      expect(width).toBe(kbps < 1000 ? 640 : 1280)
    }
    expect(encoding.settings).toMatchObject({ width: 1280, kbps: 3500 })
  })
})

describe('a computer that is too slow', () => {
  it('is helped after three seconds, step by step, told once in plain words, and gets all back', () => {
    const { control, notices, encoding, changes } = start()
    let now = seconds(control, 0, 'sss')
    expect(changes).toEqual([])
    now = seconds(control, now, 's')
    expect(encoding.settings).toMatchObject({ width: 960, height: 540, sparse: false })
    expect(control.words).toBe('picture 960x540 (computer)')
    now = seconds(control, now, 'sss')
    expect(encoding.settings).toMatchObject({ width: 640, height: 360, sparse: false })
    now = seconds(control, now, 'sss')
    expect(encoding.settings).toMatchObject({ width: 640, height: 360, sparse: true })
    expect(control.words).toBe('picture 640x360 (computer), 24 pictures a second (computer)')
    now = seconds(control, now, 'ssssssssssss')
    expect(notices.map(({ code }) => code)).toEqual(['computer-slow'])
    expect(notices[0]!.message).toMatch(/too busy/)
    seconds(control, now, '.'.repeat(100))
    expect(encoding.settings).toMatchObject({ width: 1280, height: 720, sparse: false })
    expect(control.words).toBe('')
  })

  it('first gets the lightest preset where the quality has another', () => {
    const { control, encoding } = start({ quality: 'saver' })
    seconds(control, 0, 'ssss')
    expect(encoding.settings).toMatchObject({ preset: 'superfast', width: 1280 })
  })

  it('is not bothered by trouble that comes and goes', () => {
    const { control, changes } = start()
    seconds(control, 0, 'ss.ss.ss.s.ss.ss.ss.')
    expect(changes).toEqual([])
  })

  it('waits longer each time that a step was taken back too early', () => {
    const { control, changes } = start()
    let now = 0
    const gaps: number[] = []
    for (let round = 0; round < 4; round++) {
      now = seconds(control, now, 'ssss')
      const lowered = now
      while (control.words !== '') now = seconds(control, now, '.')
      gaps.push(now - lowered)
    }
    expect(gaps[0]).toBe(31)
    expect(gaps[3]).toBeGreaterThan(2 * gaps[0]!)
    expect(changes).toHaveLength(8)
  })
})

describe('the small rendition of a live', () => {
  it('comes when the computer was calm for half a minute, and is the first thing to go', () => {
    const { control, encoding, changes } = start()
    let now = seconds(control, 0, '.'.repeat(29), 60)
    expect(encoding.hasSmall).toBe(false)
    expect(control.renditions).toMatch(/^1280x720; no 640x360: starts in \d+ s/)
    now = seconds(control, now, '..', 60)
    expect(encoding.hasSmall).toBe(true)
    expect(control.renditions).toBe('1280x720 and 640x360')
    now = seconds(control, now, 's', 0)
    expect(encoding.hasSmall).toBe(false)
    expect(control.renditions).toContain('no 640x360: the computer was too busy')
    now = seconds(control, now, 's', 0)
    expect(changes).toEqual([]) // the source is whole; only if it stays slow it is lowered, too
    seconds(control, now, 'ssssssss', 0)
    expect(changes[0]).toMatchObject({ width: 960, height: 540 })
  })

  it('does not come while the source itself is lowered, nor where little is free', () => {
    const { control, encoding } = start()
    let now = seconds(control, 0, 'ssss', 90)
    expect(encoding.settings.height).toBe(540)
    now = seconds(control, now, '.'.repeat(25), 90)
    expect(encoding.hasSmall).toBe(false)
    seconds(control, now, '.'.repeat(60), 30)
    expect(encoding.settings.height).toBe(720)
    expect(encoding.hasSmall).toBe(false)
    expect(control.renditions).toContain('only 30 % of a core is free')
  })

  it('goes when the line leaves no more for the source than for it', () => {
    const { control, encoding } = start()
    const now = seconds(control, 0, '.'.repeat(40), 90)
    expect(encoding.hasSmall).toBe(true)
    control.uplink({ atMs: 0, queuedMs: 1500, carriedKbps: 900, links: 1 })
    seconds(control, now, '.', 90)
    expect(encoding.hasSmall).toBe(false)
    expect(control.renditions).toContain('alone')
  })
})
