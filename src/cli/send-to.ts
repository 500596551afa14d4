import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { Destination, MAX_DESTINATIONS, StreamKey, type DestinationState } from '@shared/live/destination'
import { ffmpegPath } from '../main/media/ffmpeg-path'
import { FfmpegProcess } from '../main/media/ffmpeg-process'
import { parseDestination } from '../main/relay/rtmp-out/destination-address'
import { DestinationSet } from '../main/relay/rtmp-out/destination-set'
import type { Output } from './output'

const Entries = z
  .array(z.strictObject({ name: Destination.shape.name, url: Destination.shape.url, key: StreamKey.optional() }))
  .min(1)
  .max(MAX_DESTINATIONS)

/**
 * Services that get the show too, out of a file: `[{ "name": "Twitch", "url": "rtmps://...", "key": "..." }]`. A file,
 * because arguments can be read by everybody on the machine. How it goes is told as `destination` events.
 * @throws StudioError `no-such-file`, `bad-destination`; without a word of what is in the file
 */
export async function openSendTo(path: string, output: Output): Promise<DestinationSet> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new StudioError('no-such-file', `There is no file ${path}. Check the path of --send-to.`)
  })
  const entries = parse(path, text)
  const names = new Map<string, string>()
  const told = new Map<string, string>()
  const set = new DestinationSet(
    (states) => {
      for (const state of states) tell(state)
    },
    { ffmpeg: (args) => new FfmpegProcess(ffmpegPath(), args) },
  )
  const tell = ({ id, state, problem, kbps, reconnects, droppedPictures }: DestinationState): void => {
    if (told.get(id) === state) return
    told.set(id, state)
    const name = names.get(id) ?? ''
    output.event('destination', { name, state, problem, kbps, reconnects, droppedPictures })
  }
  set.set(
    entries.map(({ name, url, key }) => {
      const { kind } = parseDestination(url)
      if (key === undefined && kind === 'rtmp')
        throw new StudioError('bad-destination', `${name} needs its stream key.`)
      const id = randomUUID()
      names.set(id, name)
      return { id, url, key: key ?? '' }
    }),
  )
  return set
}

function parse(path: string, text: string): z.infer<typeof Entries> {
  try {
    return Entries.parse(JSON.parse(text))
  } catch {
    // no cause: a parser's message may quote the keys
    throw new StudioError(
      'bad-destination',
      `${path} is no list of services. It looks like [{ "name": "Twitch", "url": "rtmps://live.twitch.tv/app", "key": "..." }].`,
    )
  }
}
