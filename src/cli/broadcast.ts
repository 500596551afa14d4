import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import { BroadcastDetails } from '@shared/live/broadcast-details'
import type { RelayHandOver } from '@shared/live/relay-hand-over'
import { RelayUrl } from '@shared/live/relay-url'
import { DEFAULT_ENCODE, EncodeSettings, Quality } from '@shared/media/encode-settings'
import type { SceneCollection } from '@shared/media/scene'
import type { SourceSpec } from '@shared/media/source-spec'
import { MediaEngine } from '../main/media/media-engine'
import { openExactFile } from '../main/media/new-file'
import { Recording } from '../main/media/recording'
import { smallOption } from '../main/media/small-option'
import { BroadcastFeed } from '../main/peer/broadcast-feed'
import { waitFor, type CommandContext } from './context'
import { chooseLook, type LookArgs } from './look'
import { openNode } from './node'
import { readScenes } from './scenes'
import { openSendTo } from './send-to'
import { choosePerson, type PersonArgs } from './person'

export interface BroadcastArguments {
  source: string | undefined
  /** A file of scenes in place of a source. */
  scene: string | undefined
  /** Which microphone goes with a camera or a screen, by name; `none` for silence. */
  microphone: string | undefined
  title: string
  category: string | undefined
  beautify: boolean
  person: PersonArgs
  look: LookArgs
  loop: boolean
  seconds: number | undefined
  /** A local copy is written to this new MP4 file. */
  record: string | undefined
  /** A file of services that get the show too. */
  sendTo: string | undefined
  /** `http(s)://HOST[:PORT]/live/NAME.we` of a relay for viewers whom peers do not serve; its key is in WE_RELAY_KEY. */
  relay: string | undefined
  quality: string | undefined
  encoder: string | undefined
  dataDir: string | undefined
}

/** `we broadcast`: a source, retouched and encoded, published to peers until it ends, the time is up or Ctrl-C. */
export async function broadcastCommand(args: BroadcastArguments, context: CommandContext): Promise<number> {
  const { output, signal } = context
  const details = parseDetails(args.title, args.category)
  const show = await chooseShow(args)
  const person = choosePerson(args.person)
  const look = await chooseLook(args.look)
  const encode = parseEncode(args.quality, args.encoder)
  const relay = args.relay === undefined ? null : parseRelay(args.relay)
  const sendTo = args.sendTo === undefined ? null : await openSendTo(args.sendTo, output)
  const recording = args.record === undefined ? null : new Recording(await openExactFile(resolve(args.record)))
  const engine = new MediaEngine({ ...context, ...smallOption(process.env), log: output.log })
  const over = new AbortController()
  let segments = 0
  const problems: StudioError[] = []
  const fail = (error: StudioError): void => {
    problems.push(error)
    over.abort()
  }
  engine.on('problem', (error) => {
    if (error.code === 'recording-failed') {
      problems.push(error) // the live goes on; the exit code says it
      output.log(error.message)
    } else fail(error)
  })
  engine.on('notice', (notice) => output.log(notice.message))
  engine.on('recorded', ({ path, durationMs }) => output.event('recorded', { file: path, seconds: durationMs / 1000 }))
  engine.on('ended', () => over.abort())
  const told = new Set<string>()
  engine.on('sceneState', ({ items }) => {
    for (const item of items) {
      if (item.state === 'failed' && !told.has(item.message)) output.log(item.message)
      if (item.state === 'failed') told.add(item.message)
    }
  })
  engine.on('sourceAway', ({ code, message }) => {
    output.log(`${message} Waiting for it to come back.`)
    output.event('source-away', { code, message })
  })
  engine.on('sourceBack', () => output.event('source-back', {}))
  try {
    await engine.setLook(look.settings, args.look.cube ?? null)
    engine.setBeauty({ ...person.beauty, enabled: args.beautify })
    await engine.setEffects(person.effects, null)
    engine.setEncoding(encode)
    const { node, close } = await openNode(args.dataDir, output.log)
    const feed = new BroadcastFeed(node, details, {
      published: (segment) => {
        segments += 1
        output.event('segment', { ...segment })
      },
      uplink: (sample) => engine.setUplink(sample),
      failed: (error) => fail(new StudioError(error.code, error.message)),
    })
    if (relay !== null) feed.setRelays([relay])
    try {
      // Last before the encoder: from here on pictures flow, and those before the encoder starts are not in the show.
      if ('scenes' in show) await engine.setScenes(show)
      else {
        const info = await engine.openSource(show)
        output.log(`${info.label}: ${info.width}x${info.height} at ${info.fps} fps`)
      }
      sendTo?.start()
      await engine.startEncoding({
        onInit: (init) => feed.take({ t: 'init', init }),
        onSegment: (segment) => feed.take({ t: 'segment', segment }),
        onConfig: (config) => {
          feed.take({ t: 'config', config })
          sendTo?.setConfig(config)
        },
        onUnit: (unit) => {
          feed.take({ t: 'unit', unit })
          sendTo?.take(unit)
        },
        ...(recording ? { recording } : {}),
      })
      const broadcast = await Promise.race([feed.started, aborted(signal), aborted(over.signal)])
      if (broadcast) {
        output.event('live', { url: broadcast.url, peer: node.multiaddrs, title: details.title })
        engine.on('stats', (stats) => output.event('stats', { ...stats, viewers: broadcast.viewers }))
        await waitFor(AbortSignal.any([signal, over.signal]), args.seconds)
      }
      await engine.stopEncoding()
    } finally {
      await sendTo?.stop()
      await feed.close()
      await close()
    }
    if (problems[0]) throw problems[0]
    output.event('ended', { segments })
    return 0
  } finally {
    await engine.close()
    await recording?.finish() // of a show that never began
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return waitFor(signal).then(() => null)
}

function parseDetails(title: string, category: string | undefined): BroadcastDetails {
  const parsed = BroadcastDetails.safeParse({ title, category: category ?? 'Talk' })
  if (parsed.success) return parsed.data
  const names = BroadcastDetails.shape.category.options.join(', ')
  throw new StudioError('bad-details', `${parsed.error.issues[0]?.message ?? 'Wrong details.'} Categories: ${names}.`)
}

function parseEncode(quality: string | undefined, encoder: string | undefined): EncodeSettings {
  const parsed = EncodeSettings.safeParse({
    quality: quality ?? DEFAULT_ENCODE.quality,
    encoder: encoder ?? DEFAULT_ENCODE.encoder,
  })
  if (parsed.success) return parsed.data
  throw new StudioError('usage', `--quality is ${Quality.options.join(', ')}; --encoder is auto or software.`)
}

/** The key comes by the environment: arguments can be read by everybody on the machine. @throws StudioError `usage` */
function parseRelay(url: string): RelayHandOver {
  const key = process.env['WE_RELAY_KEY'] ?? ''
  if (!RelayUrl.safeParse(url).success) {
    throw new StudioError(
      'usage',
      '--relay looks like https://relay.example.org/live/NAME.we. See: npm run -s we -- help',
    )
  }
  if (key === '') throw new StudioError('usage', 'Put the stream key of the relay into WE_RELAY_KEY.')
  return { target: { url, key }, watch: [url] }
}

/** @throws StudioError `usage`, `no-such-file`, `bad-scene` */
async function chooseShow({
  source,
  scene,
  loop,
  microphone,
}: BroadcastArguments): Promise<SourceSpec | SceneCollection> {
  if ((source === undefined) === (scene === undefined)) {
    throw new StudioError('usage', 'Give --source or --scene. See: npm run -s we -- help')
  }
  return scene === undefined ? parseSource(source ?? '', loop, microphone) : readScenes(scene)
}

/** Picture files that are shown as they are; every other file is a video. */
const PICTURE = /\.(png|jpe?g|webp|bmp|tiff?)$/i

/**
 * `demo`, `camera[:NAME]`, `screen[:NAME]`, `window:NAME`, `microphone[:NAME]`, or the path of a video or a picture.
 * @throws StudioError `no-such-file`, `usage` for a microphone where none can go with it
 */
export function parseSource(text: string, loop: boolean, microphone?: string): SourceSpec {
  const sound = microphone === undefined ? {} : { microphone }
  const [, kind, name] = /^(demo|camera|screen|window|microphone)(?::(.+))?$/s.exec(text) ?? []
  const device = name === undefined ? {} : { device: name }
  if (kind === 'camera' || kind === 'screen') return { kind, ...device, ...sound }
  if (kind === 'window' && name !== undefined) return { kind, device: name, ...sound }
  if (microphone !== undefined && microphone !== 'none') {
    throw new StudioError('usage', '--microphone goes with a camera, a screen or a window.')
  }
  if (kind === 'microphone') return { kind, ...device }
  if (kind === 'demo' && name === undefined) return { kind }
  if (!existsSync(text)) throw new StudioError('no-such-file', `There is no file ${text}. Check the path of --source.`)
  const path = resolve(text)
  return PICTURE.test(text) ? { kind: 'picture', path } : { kind: 'file', path, loop }
}
