import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { Encoder } from '../encoder'
import { Clips, complaints, eventually } from '../testing/clips'
import { chooseEncoder, hardwareCandidates } from './hardware-probe'

const clips = new Clips()
afterAll(() => clips.remove())

const format = { width: 640, height: 360, fps: 30 }

/** An ffmpeg that "has" NVENC: it encodes by x264, or does what `trouble` says. */
function fakeNvenc(name: string, trouble = ''): string {
  const path = clips.path(name)
  writeFileSync(
    path,
    `#!/bin/bash
args=()
while (($#)); do
  case "$1" in
    h264_nvenc) ${trouble}
      args+=(libx264 -tune zerolatency -sc_threshold 0); shift ;;
    -preset) if [ "$2" = llhq ]; then args+=(-preset superfast); else args+=("$1" "$2"); fi; shift 2 ;;
    -rc|-zerolatency|-delay|-no-scenecut|-forced-idr) shift 2 ;;
    *) args+=("$1"); shift ;;
  esac
done
exec ${clips.ffmpeg} "\${args[@]}"
`,
  )
  chmodSync(path, 0o755)
  return path
}

describe('the choice of an encoder', () => {
  it('names those that each system may have', () => {
    expect(hardwareCandidates('win32')).toEqual(['h264_nvenc', 'h264_qsv', 'h264_amf'])
    expect(hardwareCandidates('darwin')).toEqual(['h264_videotoolbox'])
    expect(hardwareCandidates('linux')).toContain('h264_vaapi')
    expect(hardwareCandidates('aix')).toEqual([])
  })

  it.skipIf(existsSync('/dev/dri') || existsSync('/dev/nvidia0'))(
    'is x264 where there is no hardware: all four are tried, each says why not',
    async () => {
      const lines: string[] = []
      expect(await chooseEncoder(clips.ffmpeg, format, (line) => lines.push(line))).toBe('libx264')
      expect(lines).toHaveLength(hardwareCandidates(process.platform).length)
      expect(lines.some((line) => line.includes('works'))).toBe(false)
    },
  )

  it('is the one that works, tried once in a session', async () => {
    const lines: string[] = []
    const ffmpeg = fakeNvenc('works.sh')
    const options = { platform: 'linux', trialMs: 30_000 } as const
    for (let time = 0; time < 2; time++) {
      expect(await chooseEncoder(ffmpeg, format, (line) => lines.push(line), options)).toBe('h264_nvenc')
    }
    expect(lines).toEqual(['media: encoder h264_nvenc: works and is used'])
  })

  it.each([
    ['hangs', 'exec sleep 60', /no answer within 700 ms/],
    ['breaks', 'exit 1', /h264_nvenc: it was killed|h264_nvenc: ./],
    [
      'puts key frames elsewhere',
      'args+=(libx264 -tune zerolatency -force_key_frames "expr:eq(n,3)"); shift; continue',
      /key/,
    ],
  ])('is not one that %s', async (name, trouble, why) => {
    const lines: string[] = []
    const options = { platform: 'linux', trialMs: name === 'hangs' ? 700 : 30_000 } as const
    const path = fakeNvenc(`${name.split(' ')[0]}.sh`, trouble)
    const begun = performance.now()
    expect(await chooseEncoder(path, { ...format, width: 320, height: 180 }, (line) => lines.push(line), options)).toBe(
      'libx264',
    )
    expect(performance.now() - begun).toBeLessThan(50_000) // the one that hangs sleeps for a minute
    expect(lines[0]).toMatch(why)
  })

  it('is x264 when the program is missing', async () => {
    expect(await chooseEncoder('/nowhere/ffmpeg', format, () => undefined)).toBe('libx264')
  })
})

it('a hardware encoder that breaks in the middle of a live is followed by x264, without a lost slot', async () => {
  const inits: EncodedInit[] = []
  const segments: EncodedSegment[] = []
  const replaced: string[] = []
  const encoder = new Encoder({
    ...{ ffmpegPath: fakeNvenc('live.sh'), format, picture: { encoder: 'h264_nvenc' } },
    onInit: (init) => inits.push(init),
    onSegment: (segment) => segments.push(segment),
    onReplaced: (why) => replaced.push(why),
    onFailure: (error) => expect.fail(error.message),
  })
  const give = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      encoder.writeSound(new Uint8Array(1600 * 4))
      const data = new Uint8Array((640 * 360 * 3) / 2).fill(60 + n)
      await new Promise<void>((taken) => encoder.writeFrame(data, performance.now(), taken))
    }
  }
  await give(22)
  const pid = encoder.pids.pictures[0]!
  process.kill(pid, 'SIGKILL')
  expect(await eventually(() => encoder.pids.pictures[0] !== pid)).toBe(true)
  expect(encoder.settings.encoder).toBe('libx264')
  await give(38)
  await encoder.finish()
  expect(replaced).toHaveLength(1)
  expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(2000, 0)
  // Another encoder may write another head: then players are told, and what follows is whole in itself.
  expect(inits).toHaveLength(2)
  const path = clips.path('fallback.mp4')
  writeFileSync(path, Buffer.concat([inits[1]!.bytes, ...segments.slice(2).map(({ bytes }) => bytes)]))
  expect(complaints(path)).toBe('')
})
