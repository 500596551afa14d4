import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { FfmpegProcess } from '../main/media/ffmpeg-process'
import { openNewFile } from '../main/media/new-file'
import { Recording } from '../main/media/recording'
import { Relay } from '../main/relay/relay'
import type { RelayParts } from '../main/relay/relay-parts'
import { StreamKeys } from '../main/relay/stream-keys'
import { defaultDataDir, waitFor, type CommandContext } from './context'

export interface RelayArguments {
  rtmpPort: number | undefined
  httpPort: number | undefined
  /** Address to listen at; without it this computer only. */
  host: string | undefined
  /** Lives that shall have a key; one that has none gets one. */
  keys: string[]
  /** Lives that get a new key in place of the old one. */
  newKeys: string[]
  /** Folder for recordings. */
  record: string | undefined
  ladder: boolean
  /** Pages that may read lives by script. */
  origins: string[]
  seconds: number | undefined
  dataDir: string | undefined
}

const DEFAULT_LIVE = 'live'
const FIGURES_MS = 5_000

/** `we relay`: takes lives by RTMP and hands them on to players and browsers until the time is up or Ctrl-C. */
export async function relayCommand(args: RelayArguments, context: CommandContext): Promise<number> {
  const { output, signal } = context
  const keys = await StreamKeys.open(join(args.dataDir ?? defaultDataDir(), 'stream-keys.json'))
  const relay = await Relay.start(
    {
      host: args.host ?? '127.0.0.1',
      rtmpPort: args.rtmpPort ?? 1935,
      httpPort: args.httpPort ?? 8080,
      keys,
      origins: args.origins,
    },
    partsOf(args, context),
  )
  try {
    const made = await makeKeys(keys, args)
    sayAddresses(relay, args.host ?? '127.0.0.1', keys.names, made, context)
    const timer = setInterval(() => output.event('figures', { ...relay.figures }), FIGURES_MS)
    if (!output.json) clearInterval(timer)
    await waitFor(signal, args.seconds)
    clearInterval(timer)
  } finally {
    await relay.close()
  }
  const { bytesIn, bytesOut } = relay.figures
  output.event('ended', { bytesIn, bytesOut })
  return 0
}

function partsOf({ record, ladder }: RelayArguments, { output, ffmpegPath }: CommandContext): RelayParts {
  const folder = record === undefined ? null : resolve(record)
  return {
    log: output.log,
    ...(folder === null
      ? {}
      : {
          record: async (name) => {
            const recording = new Recording(await openNewFile({ folder, name: `${name} ${fileTime(new Date())}` }))
            recording.onFailure = (error) => output.log(error.message)
            return recording
          },
        }),
    soundFfmpeg: (ffmpegArgs: string[]) => new FfmpegProcess(ffmpegPath, ffmpegArgs),
    ...(ladder ? { ffmpeg: (ffmpegArgs: string[]) => new FfmpegProcess(ffmpegPath, ffmpegArgs) } : {}),
  }
}

/** New keys by the name of their live: asked for, or needed because there is none. */
async function makeKeys(keys: StreamKeys, args: RelayArguments): Promise<Map<string, string>> {
  const missing = args.keys.filter((name) => !keys.names.includes(name))
  const wanted = [...new Set([...args.newKeys, ...missing])]
  if (wanted.length === 0 && keys.names.length === 0) wanted.push(DEFAULT_LIVE)
  const made = new Map<string, string>()
  for (const name of wanted) made.set(name, await keys.make(name))
  return made
}

function sayAddresses(
  relay: Relay,
  host: string,
  names: string[],
  made: Map<string, string>,
  { output }: CommandContext,
): void {
  const shown = host === '0.0.0.0' || host === '::' ? (ownAddress() ?? 'localhost') : host
  const at = shown.includes(':') ? `[${shown}]` : shown
  const server = `rtmp://${at}:${relay.rtmpPort}/live`
  const web = `http://${at}:${relay.httpPort}`
  if (output.json) {
    output.event('relay', { server, web, lives: names, keys: Object.fromEntries(made) })
    return
  }
  output.line('The relay is running. In OBS: Settings, Stream, Service "Custom", then')
  output.line(`  Server      ${server}`)
  for (const [name, key] of made) output.line(`  Stream key  ${key}   for the live "${name}"; it is shown only now`)
  const kept = names.filter((name) => !made.has(name))
  if (kept.length > 0) {
    output.line(`  Stream key  as shown before, for: ${kept.join(', ')} (lost? --new-key NAME makes another)`)
  }
  for (const name of names) {
    output.line(`Watch "${name}":`)
    output.line(`  any browser ${web}/watch/${name}`)
    output.line(`  HTTP-FLV    ${web}/live/${name}.flv`)
    output.line(`  HLS         ${web}/live/${name}/index.m3u8`)
    output.line(`  RTMP        ${server}/${name}`)
    output.line(`  WE Studio   ${web}/live/${name}.we   (we broadcast --relay, key in WE_RELAY_KEY)`)
  }
  if (relay.isLocal) output.line('Only this computer can reach it. --host 0.0.0.0 opens it to your network.')
  else output.line('Everybody who can reach this computer can watch. Sending needs the stream key.')
  output.line('Ctrl-C ends it.')
}

function ownAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

/** `2026-11-22 21.45.03`, as the system's clock has it. */
function fileTime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}.${two(date.getMinutes())}.${two(date.getSeconds())}`
}
