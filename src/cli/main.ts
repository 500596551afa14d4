import '../main/platform/runtime-floor'
import { join } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { reportError, StudioError } from '@shared/errors'
import { ffmpegPath } from '../main/media/ffmpeg-path'
import { beautifyCommand } from './beautify'
import { broadcastCommand } from './broadcast'
import type { CommandContext } from './context'
import { faceCommand } from './face'
import { carCommand, getCommand, publishCommand } from './files'
import { foundLedgerCommand } from './found-ledger'
import { ledgerExportCommand, ledgerNetworksCommand, ledgerQueryCommand } from './ledger-desk'
import { localLedgerCommand, readLedgerAction } from './local-ledger'
import { logCommand } from './log'
import { nostrExport } from './nostr-export'
import { createOutput } from './output'
import { publicOption } from './public-option'
import { relayCommand } from './relay'
import { peerCommand } from './peer'
import { sourcesCommand } from './sources'
import { USAGE } from './usage'
import { walletCommand } from './wallet'
import { watchCommand } from './watch'

/** Entry of the headless command: same rooms as the app, no Electron. Exit code 0 only on success. */
const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const

const OPTIONS = {
  json: FLAG,
  help: { ...FLAG, short: 'h' },
  data: TEXT,
  seconds: TEXT,
  source: TEXT,
  scene: TEXT,
  microphone: TEXT,
  title: TEXT,
  category: TEXT,
  beautify: TEXT,
  loop: FLAG,
  record: TEXT,
  'send-to': TEXT,
  relay: { ...TEXT, multiple: true },
  quality: TEXT,
  encoder: TEXT,
  out: TEXT,
  peer: { ...TEXT, multiple: true },
  smooth: TEXT,
  whiten: TEXT,
  thin: TEXT,
  eyes: TEXT,
  preset: TEXT,
  beauty: { ...TEXT, multiple: true },
  sticker: { ...TEXT, multiple: true },
  sparkles: TEXT,
  background: TEXT,
  look: TEXT,
  'look-strength': TEXT,
  vignette: TEXT,
  cube: TEXT,
  rtmp: TEXT,
  http: TEXT,
  host: TEXT,
  key: { ...TEXT, multiple: true },
  'new-key': { ...TEXT, multiple: true },
  'allow-origin': { ...TEXT, multiple: true },
  ladder: FLAG,
  layout: TEXT,
  range: TEXT,
  channels: TEXT,
  space: TEXT,
  uplink: TEXT,
  listen: { ...TEXT, multiple: true },
  public: FLAG,
  bootstrap: { ...TEXT, multiple: true },
  person: TEXT,
  channel: TEXT,
  content: TEXT,
  kind: { ...TEXT, multiple: true },
  since: TEXT,
  until: TEXT,
  parts: FLAG,
  csv: FLAG,
  limit: TEXT,
  name: TEXT,
  rpc: TEXT,
  'second-rpc': TEXT,
  contracts: TEXT,
  authorities: TEXT,
  account: TEXT,
  path: TEXT,
  typed: TEXT,
} as const satisfies ParseArgsConfig['options']

async function run(argv: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(argv)
  const [command, ...rest] = positionals
  const output = createOutput(values.json ?? false)
  if (command === undefined || command === 'help' || values.help) {
    output.line(USAGE)
    return command === undefined && !values.help ? 2 : 0
  }
  const out = import.meta.dirname
  const context: CommandContext = {
    output,
    signal,
    ffmpegPath: ffmpegPath(),
    modelsDir: join(out, '../../resources/models'),
    demoWorkerPath: join(out, 'demo-worker.js'),
  }
  const seconds = number('seconds', values.seconds, 0, 365 * 86_400)
  const look = {
    look: values.look,
    strength: number('look-strength', values['look-strength'], 0, 1),
    vignette: number('vignette', values.vignette, 0, 1),
    cube: values.cube,
  }
  const short = (['smooth', 'whiten', 'thin', 'eyes'] as const).flatMap((name) => {
    const value = number(name, values[name], 0, 1)
    return value === undefined ? [] : [`${name}=${value}`]
  })
  const person = {
    preset: values.preset,
    beauty: [...short, ...(values.beauty ?? [])],
    stickers: values.sticker,
    sparkles: number('sparkles', values.sparkles, 0, 1),
    background: values.background,
  }
  const publicNetwork = publicOption(values.public ?? false, values.bootstrap ?? [])
  switch (command) {
    case 'face':
      return faceCommand(
        { image: only(rest, 'IMAGE'), json: output.json },
        { modelsDir: context.modelsDir, ffmpegPath: context.ffmpegPath, signal, out: output.line },
      )
    case 'beautify': {
      const [input, target, ...more] = rest
      if (input === undefined || target === undefined || more.length > 0) throw usage('Give IN and OUT.')
      return beautifyCommand(
        { input, output: target, look, person, json: output.json },
        {
          modelsDir: context.modelsDir,
          ffmpegPath: context.ffmpegPath,
          signal,
          out: output.line,
          log: output.log,
        },
      )
    }
    case 'broadcast':
      return broadcastCommand(
        {
          source: values.source,
          scene: values.scene,
          microphone: values.microphone,
          title: needed('--title', values.title),
          category: values.category,
          beautify: onOff('--beautify', values.beautify) ?? true,
          look,
          person,
          loop: values.loop ?? false,
          seconds,
          record: values.record,
          sendTo: values['send-to'],
          relay: values.relay?.[0],
          quality: values.quality,
          encoder: values.encoder,
          dataDir: values.data,
        },
        context,
      )
    case 'watch':
      return watchCommand(
        {
          url: only(rest, 'URL'),
          out: values.out,
          seconds,
          peers: values.peer ?? [],
          relays: values.relay ?? [],
          quality: values.quality,
          dataDir: values.data,
        },
        context,
      )
    case 'relay':
      if (rest.length > 0) throw usage(`There is nothing to do with ${rest.join(' ')}.`)
      return relayCommand(
        {
          rtmpPort: number('rtmp', values.rtmp, 0, 65_535),
          httpPort: number('http', values.http, 0, 65_535),
          host: values.host,
          keys: values.key ?? [],
          newKeys: values['new-key'] ?? [],
          record: values.record,
          ladder: values.ladder ?? false,
          origins: values['allow-origin'] ?? [],
          seconds,
          dataDir: values.data,
        },
        context,
      )
    case 'publish':
      return publishCommand(
        { file: only(rest, 'FILE'), title: values.title, layout: values.layout, publicNetwork, dataDir: values.data },
        context,
      )
    case 'get':
      return getCommand(
        {
          address: only(rest, 'CID'),
          out: needed('--out', values.out),
          publicNetwork,
          range: values.range,
          peers: values.peer ?? [],
          dataDir: values.data,
        },
        context,
      )
    case 'car':
      return carCommand({ action: rest[0] ?? '', rest: rest.slice(1), dataDir: values.data }, context)
    case 'peer':
      return peerCommand(
        {
          channels: values.channels,
          space: values.space,
          uplink: values.uplink,
          listen: values.listen ?? [],
          peers: values.peer ?? [],
          publicNetwork,
          seconds,
          dataDir: values.data,
        },
        context,
      )
    case 'ledger': {
      const { person, channel, content, since, until, name, rpc, contracts } = values
      const asked = {
        ...{ person, channel, content, since, until, name, rpc, contracts, secondRpc: values['second-rpc'] },
        ...{ kinds: values.kind ?? [], parts: values.parts ?? false, csv: values.csv ?? false, dataDir: values.data },
        limit: number('limit', values.limit, 1, 1e9),
      }
      const [action, ...more] = rest
      if (action === 'query' && more.length === 0) return ledgerQueryCommand(asked, context)
      if (action === 'export') return ledgerExportCommand(only(more, 'FILE'), asked, context)
      if ((action === 'found' || action === 'authority') && more.length === 0) {
        return foundLedgerCommand({ action, authorities: values.authorities, name, dataDir: values.data }, context)
      }
      if (action === 'networks') return ledgerNetworksCommand(more, asked, context)
      return localLedgerCommand(
        {
          ...readLedgerAction(rest),
          listen: values.listen ?? [],
          peers: values.peer ?? [],
          seconds,
          dataDir: values.data,
        },
        context,
      )
    }
    case 'log':
      if (rest[0] === 'nostr' && rest.length === 1) {
        return nostrExport({ out: needed('--out', values.out), account: values.account, dataDir: values.data }, context)
      }
      return logCommand({ words: rest, account: values.account, dataDir: values.data }, context)
    case 'wallet':
      return walletCommand(
        {
          action: rest[0] ?? '',
          rest: rest.slice(1),
          name: values.name,
          account: values.account,
          path: values.path,
          kind: values.kind?.[0],
          out: values.out,
          typed: values.typed,
          dataDir: values.data,
        },
        context,
      )
    case 'sources':
      return sourcesCommand(context)
    default:
      throw usage(`There is no command ${command}.`)
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error))
  }
}

function usage(message: string): StudioError {
  return new StudioError('usage', `${message} See: npm run -s we -- help`)
}

function only(rest: string[], name: string): string {
  const [value, ...more] = rest
  if (value === undefined || more.length > 0) throw usage(`Give exactly one ${name}.`)
  return value
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw usage(`${name} is missing.`)
  return value
}

function onOff(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined
  if (value !== 'on' && value !== 'off') throw usage(`${name} is on or off.`)
  return value === 'on'
}

function number(name: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (value.trim() === '' || !(parsed >= min && parsed <= max))
    throw usage(`--${name} is a number from ${min} to ${max}.`)
  return parsed
}

const interrupt = new AbortController()
let interrupts = 0
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interrupts += 1
    if (interrupts > 2) process.exit(130) // the person insists
    interrupt.abort()
  })
}
// A closed pipe (`we ... | head`) ends the command, it is no crash.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') interrupt.abort()
  else throw error
})

try {
  process.exitCode = await run(process.argv.slice(2), interrupt.signal)
} catch (error) {
  const { code, message } = reportError(error)
  process.stderr.write(`${message}\n`)
  if (process.argv.includes('--json')) createOutput(true).event('error', { code, message })
  if (code === 'unexpected' && error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
  process.exitCode = code === 'usage' ? 2 : 1
}
// Native sockets and sessions may keep the loop alive after everything was closed in order.
setTimeout(() => process.exit(), 3_000).unref()
