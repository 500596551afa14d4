import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { StudioError } from '@shared/errors'
import type { ItemSound } from '@shared/media/scene'
import { PLAIN_SOUND } from '@shared/media/scene-edit'
import { Clips, eventually } from '../testing/clips'
import { gainOf } from './decibels'
import { Mixer, MIXER_DELAY, type MasterSettings, type MixedItem } from './mixer'
import { BLOCK } from './mixer-channel'
import { SoundRing } from './sound-ring'

const clips = new Clips()
const mixers: Mixer[] = []
const problems: StudioError[] = []
afterEach(() => Promise.all(mixers.splice(0).map((mixer) => mixer.close())))
afterAll(() => clips.remove())

const RATE = 48_000
const master: MasterSettings = { music: { path: null, gainDb: 0, playing: false, duck: false }, masterGainDb: 0 }
type Wave = (sample: number) => number
const sine =
  (hz: number, amplitude: number): Wave =>
  (i) =>
    amplitude * Math.sin((2 * Math.PI * hz * i) / RATE)

function ringOf(wave: Wave, seconds = 3): SoundRing {
  const ring = new SoundRing()
  const pcm = new Int16Array(seconds * RATE * 2)
  for (let i = 0; i < pcm.length; i++) pcm[i] = Math.max(-32768, Math.min(32767, Math.round(wave(i >> 1) * 32768)))
  const bytes = new Uint8Array(pcm.buffer)
  // In uneven pieces, as pipes give them.
  for (let at = 0; at < bytes.length; at += 4 * 777) ring.push(bytes.subarray(at, at + 4 * 777))
  return ring
}

function open(): Mixer {
  const mixer = new Mixer(clips.ffmpeg, (error) => problems.push(error))
  mixers.push(mixer)
  return mixer
}

interface Played {
  wave: Wave
  sound?: Partial<ItemSound>
}

/** The left channel of what comes out, without the mixer's own delay; `change` is asked before each block. */
function play(
  mixer: Mixer,
  items: Played[],
  seconds: number,
  change: (at: number) => Partial<MasterSettings> = () => ({}),
) {
  const rings = items.map(({ wave }) => ringOf(wave, seconds + 1))
  const out: number[] = []
  for (let at = 0; at < seconds * RATE; at += BLOCK) {
    const settings = { ...master, ...change(at / RATE) }
    const mixed = items.map<MixedItem>(({ sound }, i) => ({
      ...{
        key: `${i}`,
        itemId: `item${i}`,
        ring: rings[i]!,
        from: at,
        sound: { ...PLAIN_SOUND, ...sound },
        presence: 1,
      },
    }))
    const bytes = mixer.add(mixed, BLOCK, settings)
    const pcm = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
    for (let i = 0; i < pcm.length; i += 2) out.push(pcm[i]! / 32768)
  }
  return out
}

const rms = (sound: number[], from: number, to: number): number => {
  const part = sound.slice(Math.round(from * RATE), Math.round(to * RATE))
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length)
}

describe('the mixer', () => {
  it('passes one item bit for bit, and says how late', () => {
    const wave = sine(997, 0.5)
    const out = play(open(), [{ wave }], 0.5)
    expect(out).toHaveLength(0.5 * RATE - MIXER_DELAY)
    // The first block fades in.
    for (let i = BLOCK; i < out.length; i++) expect(out[i]).toBe(Math.round(wave(i) * 32768) / 32768)
  })

  it('adds items, with the gain of each and of all, and without those that are muted', () => {
    const out = play(
      open(),
      [
        { wave: sine(1000, 0.1), sound: { gainDb: 6 } },
        { wave: sine(1000, 0.1), sound: { gainDb: -12 } },
        { wave: sine(1000, 0.5), sound: { muted: true } },
      ],
      0.5,
      () => ({ masterGainDb: -3 }),
    )
    const wanted = (0.1 * (gainOf(6) + gainOf(-12)) * gainOf(-3)) / Math.SQRT2
    expect(rms(out, 0.1, 0.4)).toBeCloseTo(wanted, 4)
  })

  it('delays an item by exactly what is asked, and brings it forward', () => {
    const click: Wave = (i) => (i === RATE ? 0.8 : 0)
    for (const delayMs of [0, 120, 1990, -250]) {
      const out = play(open(), [{ wave: click, sound: { delayMs } }], 3.2)
      expect(out.findIndex((value) => value > 0.5)).toBe(RATE + (delayMs * RATE) / 1000)
    }
  })

  it('does not click when a delay or a gain changes while it plays', () => {
    const item: Played = { wave: sine(200, 0.5), sound: {} }
    const out = play(open(), [item], 1, (seconds) => {
      item.sound = { delayMs: seconds < 0.5 ? 0 : 37, gainDb: seconds < 0.25 ? 0 : -6 }
      return {}
    })
    const steepest = Math.max(...out.slice(1).map((value, i) => Math.abs(value - out[i]!)))
    // The sine's own slope is 0.0131 a sample.
    expect(steepest).toBeLessThan(0.02)
  })

  it('never clips, and leaves what is quiet enough alone', () => {
    const loud = [
      { wave: sine(80, 0.9), sound: { gainDb: 12 } },
      { wave: (i: number) => (Math.floor(i / 3000) % 3 === 0 ? 1 : -1) * (i % 24_000 < 12_000 ? 0.9 : 0.05) },
    ]
    const mixer = open()
    const out = play(mixer, loud, 2, () => ({ masterGainDb: 12 }))
    const peak = Math.max(...out.map(Math.abs))
    expect(peak).toBeLessThanOrEqual(gainOf(-1) + 1 / 32768)
    expect(peak).toBeGreaterThan(gainOf(-1.5))
    expect(mixer.takeLevels().master.limiterDb).toBeLessThan(-20)
    expect(open().takeLevels().master.limiterDb).toBe(0)
  })

  it('shows levels right within half a decibel', () => {
    const mixer = open()
    play(mixer, [{ wave: sine(1000, gainOf(-20)), sound: { gainDb: 4 } }, { wave: () => 0 }], 0.2)
    mixer.takeLevels()
    play(mixer, [{ wave: sine(1000, gainOf(-20)), sound: { gainDb: 4 } }, { wave: () => 0 }], 0.5)
    const { items, master: all, music } = mixer.takeLevels()
    expect(Math.abs(items[0]!.peakDb + 16)).toBeLessThan(0.5)
    expect(Math.abs(items[0]!.rmsDb + 19.01)).toBeLessThan(0.5)
    expect(items[1]).toMatchObject({ itemId: 'item1', peakDb: -100, rmsDb: -100 })
    expect(Math.abs(all.rmsDb + 19.01)).toBeLessThan(0.5)
    expect(music.peakDb).toBe(-100)
  })
})

it('a noise gate is shut between words and open in them, without chattering', () => {
  // Words of 300 ms at -12 dB with fan noise at -50 dB, pauses of 700 ms.
  const wave: Wave = (i) => (i % RATE < 0.3 * RATE ? gainOf(-12) * Math.sin(i / 10) : gainOf(-50) * Math.sin(i / 7))
  const out = play(open(), [{ wave, sound: { gateDb: -40 } }], 3)
  for (const second of [1, 2]) {
    expect(rms(out, second + 0.05, second + 0.28)).toBeCloseTo(gainOf(-12) / Math.SQRT2, 2)
    expect(rms(out, second + 0.15, second + 0.45) / gainOf(-50)).toBeGreaterThan(0.5) // held a moment
    expect(rms(out, second + 0.7, second + 0.98)).toBe(0)
  }
  // The word is there from its first 10 ms on.
  expect(rms(out, 2.006, 2.02)).toBeGreaterThan(gainOf(-12) / 2)
  expect(rms(play(open(), [{ wave, sound: { gateDb: null } }], 1), 0.7, 0.98)).toBeGreaterThan(gainOf(-54))
})

describe('the music bed', () => {
  const stereoTone = (name: string, seconds: number): string => {
    const wave = '0.25*sin(2*PI*500*t)'
    return clips.make('-f', 'lavfi', '-i', `aevalsrc=${wave}|${wave}:c=stereo:s=44100:d=${seconds}`, name)
  }
  const bed = (path: string, duck = false) => ({ path, gainDb: -6, playing: true, duck })
  /** Plays at about the pace of a show, so that ffmpeg keeps up. */
  async function playSlowly(mixer: Mixer, items: Played[], seconds: number, settings: Partial<MasterSettings>) {
    const all: number[] = []
    for (let i = 0; i < seconds * 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      all.push(...play(mixer, items, 0.1, () => settings))
    }
    return all
  }

  it('loops a short file for ever, at its gain', async () => {
    const path = stereoTone('short.wav', 1)
    const mixer = open()
    const music = bed(path)
    await eventually(() => (play(mixer, [], 0.01, () => ({ music })), mixer.takeLevels().music.peakDb > -60))
    const out = await playSlowly(mixer, [], 4, { music })
    expect(rms(out, 1, 2)).toBeCloseTo((0.25 * gainOf(-6)) / Math.SQRT2, 3)
    expect(rms(out, 3, 3.9)).toBeCloseTo(rms(out, 1, 2), 2)
    const stopped = await playSlowly(mixer, [], 1, { music: { ...music, playing: false } })
    expect(rms(stopped, 0.5, 1)).toBe(0)
    expect(problems).toEqual([])
  })

  it('steps back while somebody speaks', async () => {
    const path = stereoTone('duck.wav', 5)
    const mixer = open()
    const music = bed(path, true)
    await eventually(() => (play(mixer, [], 0.01, () => ({ music })), mixer.takeLevels().music.peakDb > -60))
    await playSlowly(mixer, [], 1, { music })
    mixer.takeLevels()
    await playSlowly(mixer, [], 0.3, { music })
    const alone = mixer.takeLevels().music.rmsDb
    const voice = [{ wave: sine(300, 0.3) }]
    await playSlowly(mixer, voice, 1, { music })
    mixer.takeLevels()
    await playSlowly(mixer, voice, 0.3, { music })
    expect(mixer.takeLevels().music.rmsDb - alone).toBeCloseTo(-12, 0)
  })

  it('that cannot be played is said once, and the show goes on', async () => {
    const mixer = open()
    const music = bed(clips.path('missing.mp3'))
    const said = (): boolean => {
      play(mixer, [], 0.01, () => ({ music }))
      return problems.length > 0
    }
    expect(await eventually(said)).toBe(true)
    expect(problems.splice(0)).toMatchObject([{ code: 'music-failed' }])
    expect(
      rms(
        play(mixer, [{ wave: sine(500, 0.5) }], 0.3, () => ({ music })),
        0.1,
        0.29,
      ),
    ).toBeGreaterThan(0.3)
    expect(problems).toEqual([])
  })
})
