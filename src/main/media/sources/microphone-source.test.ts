import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { Clips, eventually } from '../testing/clips'
import { CollectingSink } from '../testing/collecting-sink'
import { openMicrophone } from './microphone-source'

const clips = new Clips()
afterAll(() => clips.remove())
const format = { width: 320, height: 180, fps: 30 }

/** A program in ffmpeg's place on a computer with one microphone. */
function options(script: string, microphone = true) {
  const path = clips.path(`fake-${Math.random().toString(36).slice(2)}.sh`)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  const root = clips.path('root')
  mkdirSync(`${root}/proc/asound`, { recursive: true })
  writeFileSync(`${root}/proc/asound/pcm`, microphone ? '01-00: USB Audio : USB Audio : capture 1\n' : '')
  return { ffmpegPath: path, format, devices: { platform: 'linux' as const, root, display: '' } }
}

/** Stands for alsa: a tone at its own pace. */
const tone = (seconds: number): string => `while [ "$1" != "-map" ]; do shift; done
exec "${clips.ffmpeg}" -v error -nostdin -re -f lavfi -i sine=f=440:r=44100:d=${seconds} "$@"`

describe('a microphone alone', () => {
  it('gives its sound over a dark picture, a slot for every 1600 samples', async () => {
    const source = await openMicrophone({ kind: 'microphone' }, options(tone(1)))
    expect(source.info).toEqual({ label: 'Default microphone', ...format, hasAudio: true })
    const sink = new CollectingSink(format.width, format.height)
    source.start(sink)
    expect(await eventually(() => sink.error !== undefined)).toBe(true)
    expect(sink.soundSeconds).toBeCloseTo(1, 1)
    expect(sink.frames).toBe(Math.floor(sink.soundBytes / 6400))
    expect(sink.peak).toBeGreaterThan(0)
    expect(sink.last!.data[0]).toBe(32)
    expect(sink.error).toMatchObject({ code: 'microphone-failed' })
    await source.close()
  })

  it('is chosen by name', async () => {
    const source = await openMicrophone({ kind: 'microphone', device: 'usb' }, options(tone(5)))
    expect(source.info.label).toBe('USB Audio')
    await source.close()
  })

  it.each([
    ['microphone-busy', 'echo "cannot open audio device (Device or resource busy)" >&2; exit 1', 'used by another'],
    ['microphone-denied', 'echo "Permission denied" >&2; exit 1', 'does not let us use'],
    ['microphone-failed', 'echo "No such device" >&2; exit 1', '(No such device)'],
    ['microphone-failed', 'exec sleep 30', 'it sends no sound'],
  ])('says %s in words', async (code, script, words) => {
    const opened = openMicrophone({ kind: 'microphone' }, { ...options(script), firstPictureMs: 500 })
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string })
  })

  it('says when there is none', async () => {
    await expect(openMicrophone({ kind: 'microphone' }, options('', false))).rejects.toMatchObject({
      code: 'microphone-missing',
      message: 'No microphone was found. Plug one in and look again.',
    })
  })
})
