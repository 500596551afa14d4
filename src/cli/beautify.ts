import { beautifyFile, type BeautifyProgress } from '../main/media/beautify-file'
import { chooseLook, type LookArgs } from './look'
import { choosePerson, type PersonArgs } from './person'

export interface BeautifyArgs {
  input: string
  output: string
  person: PersonArgs
  look: LookArgs
  json: boolean
}

/** What the command needs from the entry point. */
export interface BeautifyContext {
  modelsDir: string
  ffmpegPath: string
  signal: AbortSignal
  out: (line: string) => void
  log: (line: string) => void
}

/** Between two lines of progress. */
const PROGRESS_MS = 500

/**
 * `we beautify IN OUT`: retouches a video or picture file. With `json` progress and the end are events on stdout
 * (`{"event":"progress","frames","total"}`, `{"event":"ended","frames","width","height","withFaces"}`), else lines of
 * progress go to the log.
 *
 * @returns the exit code, 0
 * @throws {StudioError} in plain words when the file cannot be read or written
 */
export async function beautifyCommand(args: BeautifyArgs, context: BeautifyContext): Promise<number> {
  const { input, output, json } = args
  const { modelsDir, ffmpegPath, signal, out, log } = context
  const settings = choosePerson(args.person)
  const look = await chooseLook(args.look)
  const show = (progress: BeautifyProgress): void => {
    if (json) out(JSON.stringify({ event: 'progress', ...progress }))
    else log(`${progress.frames} of ${progress.total} pictures (${percent(progress)} %)`)
  }
  const onProgress = everySoOften(show)
  const result = await beautifyFile({ input, output, settings, look, modelsDir, ffmpegPath, signal, onProgress })
  if (json) out(JSON.stringify({ event: 'ended', ...result }))
  else out(`${output}: ${result.frames} pictures, ${result.width}x${result.height}, face on ${result.withFaces}`)
  return 0
}

function everySoOften(show: (progress: BeautifyProgress) => void): (progress: BeautifyProgress) => void {
  let last = performance.now()
  return (progress) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS && progress.frames < progress.total) return
    last = now
    show(progress)
  }
}

function percent({ frames, total }: BeautifyProgress): number {
  return Math.min(100, Math.floor((frames * 100) / Math.max(1, total)))
}
