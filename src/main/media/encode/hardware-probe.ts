import { runFfmpeg } from '../ffmpeg-process'
import { i420Size } from '../i420'
import type { StudioFormat } from '../studio-format'
import { EncoderRun } from './encoder-run'
import { pictureArgs, type EncoderName } from './picture-settings'

/** Pictures of a trial: enough to see that it keeps going, few enough to be done in a moment. */
const TRIAL_PICTURES = 10
/** How long a trial may take; a driver that is loaded for the first time takes about a second. */
const TRIAL_MS = 3000

/** Hardware encoders that a system may have, the best first. */
export function hardwareCandidates(platform: NodeJS.Platform): EncoderName[] {
  switch (platform) {
    case 'win32':
      return ['h264_nvenc', 'h264_qsv', 'h264_amf']
    case 'darwin':
      return ['h264_videotoolbox']
    case 'linux':
      return ['h264_nvenc', 'h264_vaapi', 'h264_qsv', 'h264_v4l2m2m']
    default:
      return []
  }
}

/** Answers of this session, by program, its version and the picture's size: a trial is made once. */
const answers = new Map<string, Promise<EncoderName>>()

/**
 * The first hardware encoder that really encodes ten pictures of this format as a live would need them, else libx264.
 * Never rejects. `log` is told what was tried.
 */
export async function chooseEncoder(
  ffmpegPath: string,
  format: StudioFormat,
  log: (line: string) => void,
  options: { platform?: NodeJS.Platform; trialMs?: number } = {},
): Promise<EncoderName> {
  const { platform = process.platform, trialMs = TRIAL_MS } = options
  try {
    const { stderr } = await runFfmpeg(ffmpegPath, ['-nostdin'], { timeoutMs: trialMs })
    const version = /version (\S+)/.exec(stderr)?.[1] ?? ''
    const key = [ffmpegPath, version, platform, format.width, format.height, format.fps].join(' ')
    const answer = answers.get(key) ?? firstThatWorks(ffmpegPath, format, log, platform, trialMs)
    answers.set(key, answer)
    return await answer
  } catch (error) {
    log(`media: hardware encoders were not tried: ${String(error)}`)
    return 'libx264'
  }
}

async function firstThatWorks(
  ffmpegPath: string,
  format: StudioFormat,
  log: (line: string) => void,
  platform: NodeJS.Platform,
  trialMs: number,
): Promise<EncoderName> {
  for (const encoder of hardwareCandidates(platform)) {
    const why = await whyNot(ffmpegPath, format, encoder, trialMs)
    log(`media: encoder ${encoder}: ${why ?? 'works and is used'}`)
    if (why === null) return encoder
  }
  return 'libx264'
}

/** Null when the encoder does its work within the time. */
async function whyNot(
  ffmpegPath: string,
  format: StudioFormat,
  encoder: EncoderName,
  trialMs: number,
): Promise<string | null> {
  const { width, height } = format
  const settings = { encoder, preset: 'superfast', kbps: 3500, width, height, sparse: false } as const
  const heads: Uint8Array[] = []
  const keys: boolean[] = []
  let timer: NodeJS.Timeout | undefined
  let run: EncoderRun | undefined
  const why = await new Promise<string | null>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${trialMs} ms`), trialMs)
    run = new EncoderRun(ffmpegPath, pictureArgs(format, settings, TRIAL_PICTURES / 2), {
      onConfig: (avcC) => heads.push(avcC),
      onPacket: (_, key) => keys.push(key),
      onOver: resolve,
    })
    const picture = new Uint8Array(i420Size(width, height)).fill(128)
    for (let n = 0; n < TRIAL_PICTURES; n++) run.write(picture, () => undefined)
    run.end()
  })
  clearTimeout(timer)
  if (why !== null) {
    await run?.abandon()
    return why
  }
  if (heads.length === 0 || keys.length !== TRIAL_PICTURES) return `${keys.length} of ${TRIAL_PICTURES} pictures`
  const asAsked = keys.every((key, n) => key === (n % (TRIAL_PICTURES / 2) === 0))
  return asAsked ? null : 'key frames are not where they were asked for'
}
