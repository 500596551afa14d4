import { StudioError } from '@shared/errors'
import { FfmpegProcess } from '../main/media/ffmpeg-process'
import { ShowFile } from '../main/media/show-file'
import { PullRun } from '../main/relay/pull/pull-run'
import { findSource, type WebAddress } from '../main/relay/pull/pull-source'
import { waitFor, type CommandContext } from './context'

interface PulledArguments {
  out: string | undefined
  seconds: number | undefined
}

/** `we watch` of somebody else's address: until it ends, the time is up or Ctrl-C; with --out it becomes an MP4 file. */
export async function watchPulled(
  address: WebAddress,
  args: PulledArguments,
  context: CommandContext,
): Promise<number> {
  const { output, signal, ffmpegPath } = context
  const startedAt = performance.now()
  const file = args.out === undefined ? null : await ShowFile.create(args.out, ffmpegPath)
  const over = new AbortController()
  const state = { reason: 'closed', problem: null as Error | null, bytes: 0, pictures: 0, firstMs: 0, mediaMs: 0 }
  let writing = Promise.resolve()
  let run: PullRun | null = null
  try {
    const source = await findSource(address, signal)
    const stop = (problem: Error | null, reason: string): void => {
      state.problem ??= problem
      state.reason = reason
      over.abort()
    }
    const pull = (run = new PullRun((argv, onLine) => new FfmpegProcess(ffmpegPath, argv, { onLine }), source, null, {
      onFacts: ({ durationMs, picture }, recoded) => output.event('opened', { durationMs, ...picture, recoded }),
      onConfig: () => undefined,
      onSoundConfig: () => undefined,
      onPacket: ({ track, dtsMs }) => {
        if (track !== 'picture' || over.signal.aborted) return
        if (state.pictures++ === 0) {
          state.firstMs = dtsMs
          output.event('playing', { startupMs: Math.round(performance.now() - startedAt) })
        }
        state.mediaMs = dtsMs - state.firstMs
        if (args.seconds !== undefined && state.mediaMs >= args.seconds * 1000) stop(null, 'time')
      },
      onBytes: (chunk) => {
        if (over.signal.aborted) return
        state.bytes += chunk.length
        if (!file) return
        // One write at a time; the program waits for the disk.
        pull.pause()
        writing = writing
          .then(() => file.append('flv', new Uint8Array(0), chunk))
          .then(() => pull.resume())
          .catch((error: unknown) => stop(error instanceof Error ? error : new Error(String(error)), 'failed'))
      },
      onOver: (problem) => stop(problem, 'ended'),
    }))
    await waitFor(AbortSignal.any([signal, over.signal]))
    run.close()
    await writing
    // What came before it broke off is kept.
    if (state.problem && (state.pictures === 0 || state.reason === 'failed')) throw state.problem
    if (state.pictures === 0 && !signal.aborted) {
      throw new StudioError('nothing-there', 'Nothing came from this address. Try again when it is live.')
    }
    const written = state.pictures > 0 && (await file?.finish()) ? args.out : undefined
    output.event('ended', {
      ...{ reason: state.problem ? 'broken' : state.reason, seconds: state.mediaMs / 1000, pictures: state.pictures },
      ...{ bytes: state.bytes, ...(written === undefined ? {} : { file: written }) },
    })
    if (state.problem) output.log(state.problem.message)
    return 0
  } catch (error) {
    run?.close()
    throw error
  } finally {
    await file?.discard()
  }
}
