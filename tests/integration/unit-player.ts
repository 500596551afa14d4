import { spawn } from 'node:child_process'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { FlvPackets } from '../../src/main/media/encode/flv-packets'
import { ffmpegPath } from '../../src/main/media/ffmpeg-path'

const FPS = 30
const SECONDS = 2
const AAC_MS = (1024 * 1000) / 48_000
const PICTURE = [
  ...[
    '-f',
    'lavfi',
    '-i',
    `testsrc2=s=640x360:r=${FPS}:d=${SECONDS},noise=alls=40:allf=t`,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
  ],
  ...[
    '-tune',
    'zerolatency',
    '-g',
    '15',
    '-keyint_min',
    '15',
    '-sc_threshold',
    '0',
    '-b:v',
    '800k',
    '-pix_fmt',
    'yuv420p',
  ],
]
const SOUND = ['-f', 'lavfi', '-i', `sine=frequency=440:r=48000:d=${SECONDS}`, '-c:a', 'aac', '-ac', '2', '-b:a', '64k']

/** A show of real H.264 and AAC that is encoded once and then given out in real time, over and over. */
export class UnitPlayer {
  /** Pictures given out. */
  slots = 0
  private frames = 0
  private timer: NodeJS.Timeout | undefined
  private begun = 0

  private constructor(
    readonly config: AccessConfig,
    private readonly pictures: { data: Uint8Array; key: boolean }[],
    private readonly sounds: Uint8Array[],
  ) {}

  /** @param kbps of the picture */
  static async make(kbps: number): Promise<UnitPlayer> {
    const rate = ['-b:v', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`]
    const [picture, sound] = await Promise.all([packets([...PICTURE, ...rate]), packets(SOUND)])
    const config = { id: 1, width: 640, height: 360, fps: FPS, avcC: picture.config, asc: sound.config }
    return new UnitPlayer(
      config,
      picture.packets,
      sound.packets.map(({ data }) => data),
    )
  }

  /** Gives out what is due, until `stop`. */
  play(give: (unit: AccessUnit) => void): void {
    this.begun = performance.now() - (this.slots * 1000) / FPS
    this.timer = setInterval(() => {
      const ms = performance.now() - this.begun
      while ((this.slots * 1000) / FPS <= ms) {
        const { data, key } = this.pictures[this.slots % this.pictures.length]!
        give({ track: 'picture', configId: 1, slot: this.slots++, key, data, capturedAt: Date.now() })
      }
      while (this.frames * AAC_MS <= ms) {
        give({
          track: 'sound',
          configId: 1,
          frame: this.frames,
          data: this.sounds[this.frames++ % this.sounds.length]!,
        })
      }
    }, 5)
  }

  stop(): void {
    clearInterval(this.timer)
  }
}

function packets(args: string[]): Promise<{ config: Uint8Array; packets: { data: Uint8Array; key: boolean }[] }> {
  const child = spawn(ffmpegPath(), ['-v', 'error', '-nostdin', ...args, '-f', 'flv', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let config: Uint8Array | null = null
  const found: { data: Uint8Array; key: boolean }[] = []
  const reader = new FlvPackets({
    onConfig: (bytes) => (config = bytes),
    onPacket: (data, key) => found.push({ data, key }),
  })
  child.stdout.on('data', (chunk: Buffer) => reader.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('close', () => {
      if (config) resolve({ config, packets: found })
      else reject(new Error('ffmpeg gave nothing'))
    })
  })
}
