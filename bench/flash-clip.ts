import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DemoPresenter } from '../src/main/media/demo/demo-presenter'
import type { CanonicalFace } from '../src/main/media/demo/head-mesh'
import { i420Size } from '../src/main/media/i420'

/** A square in the upper left corner that is white for the first tenth of every second, pixels. */
export const FLASH = { at: 16, size: 64 }

/**
 * Ten seconds of the demo presenter at 1280x720 and 30 fps with a flash and a beep every second, exactly as long in
 * sound (PCM) as in picture, so that it can be repeated without end.
 */
export async function makeFlashClip(path: string, ffmpeg: string, modelsDir: string): Promise<void> {
  const mesh = JSON.parse(readFileSync(join(modelsDir, 'canonical-face.json'), 'utf8')) as CanonicalFace
  const presenter = new DemoPresenter({ width: 1280, height: 720, fps: 30, mesh })
  const box = `x=${FLASH.at}:y=${FLASH.at}:w=${FLASH.size}:h=${FLASH.size}:t=fill`
  const child = spawn(
    ffmpeg,
    [
      ...['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', '1280x720', '-r', '30', '-i', 'pipe:0'],
      ...['-f', 'lavfi', '-i', 'aevalsrc=0.5*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1):s=48000:d=10'],
      ...['-vf', `drawbox=c=black:${box},drawbox=c=white:${box}:enable='lt(mod(t+0.0001,1),0.1)'`],
      ...['-c:v', 'libx264', '-preset', 'superfast', '-crf', '18', '-pix_fmt', 'yuv420p', '-g', '30'],
      ...['-c:a', 'pcm_s16le', '-f', 'matroska', path],
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  )
  const frame = { width: 1280, height: 720, data: new Uint8Array(i420Size(1280, 720)) }
  for (let index = 0; index < 300; index++) {
    presenter.draw(index, 0, frame)
    if (!child.stdin.write(frame.data.slice())) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The clip could not be made.')
}
