import { readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { entryWords } from '@shared/ledger/entry-words'
import { EntryKind } from '@shared/ledger/ledger-entry'
import { EVERYTHING, MAX_PAGE, type LedgerFilter } from '@shared/ledger/ledger-query'
import type { NetworkInfo } from '@shared/ledger/ledger-state'
import { Address } from '@shared/money/address'
import { csvLine, CSV_HEAD, jsonObject } from '../main/ledger/desk/export-text'
import { LedgerDesk } from '../main/ledger/desk/ledger-desk'
import { LocalLedgers } from '../main/ledger/embedded/local-ledgers'
import { homeNetwork } from '../main/ledger/local-network'
import { lineLog } from '../main/platform/log'
import { lockProfile } from '../main/platform/profile-lock'
import { defaultDataDir, type CommandContext } from './context'

/** Options of the ledger commands, as they were typed. */
export interface LedgerArguments {
  person: string | undefined
  channel: string | undefined
  content: string | undefined
  kinds: string[]
  since: string | undefined
  until: string | undefined
  parts: boolean
  csv: boolean
  limit: number | undefined
  name: string | undefined
  rpc: string | undefined
  secondRpc: string | undefined
  contracts: string | undefined
  dataDir: string | undefined
}

/** `we ledger query`: what happened, newest first; one JSON object a line with --json, a table with --csv. */
export async function ledgerQueryCommand(args: LedgerArguments, context: CommandContext): Promise<number> {
  const filter = filterOf(args)
  const { output, signal } = context
  return withDesk(args.dataDir, context, async (desk) => {
    await desk.current(signal)
    if (args.csv) process.stdout.write(CSV_HEAD)
    let left = args.limit ?? (args.csv || output.json ? Infinity : MAX_PAGE)
    for (const full of desk.entries(filter)) {
      if (left <= 0 || signal.aborted) break
      left -= 1
      if (args.csv) process.stdout.write(csvLine(full))
      else if (output.json) output.line(jsonObject(full))
      else {
        const { entry } = full
        const time = new Date(entry.time * 1000).toISOString().slice(0, 19).replace('T', ' ')
        output.line(`${time}  block ${entry.block}  ${entryWords(entry)}${entry.settled ? '' : '  (not final yet)'}`)
      }
    }
    return 0
  })
}

/** `we ledger export FILE`: the same into a file, by its ending. */
export async function ledgerExportCommand(
  file: string,
  args: LedgerArguments,
  context: CommandContext,
): Promise<number> {
  const format = extname(file).toLowerCase()
  if (format !== '.csv' && format !== '.json') throw usage('FILE ends in .csv or .json.')
  const filter = filterOf(args)
  return withDesk(args.dataDir, context, async (desk) => {
    await desk.current(context.signal)
    const rows = await desk.export(filter, format === '.csv' ? 'csv' : 'json', resolve(file), context.signal)
    context.output.event('exported', { file, rows })
    return 0
  })
}

/** `we ledger networks list|add|remove KEY|use KEY|check KEY`. */
export async function ledgerNetworksCommand(
  [action = 'list', key, ...more]: string[],
  args: LedgerArguments,
  context: CommandContext,
): Promise<number> {
  const { output } = context
  const needsKey = action === 'remove' || action === 'use' || action === 'check'
  if (more.length > 0 || needsKey !== (key !== undefined)) throw usage('Give: ledger networks list, add, or check KEY.')
  return withDesk(args.dataDir, context, async (desk) => {
    const tell = (event: string, { chainId, ...network }: NetworkInfo, active: string | null): void =>
      output.event(event, { ...network, chainId: chainId.toString(), inUse: network.key === active })
    switch (action) {
      case 'list':
        for (const network of desk.state.networks) tell('network', network, desk.state.active)
        return 0
      case 'add': {
        const { name, rpc, secondRpc, contracts } = args
        if (name === undefined || rpc === undefined || contracts === undefined) {
          throw usage('Adding a network needs --name, --rpc and --contracts.')
        }
        const text = await readFile(contracts, 'utf8').catch(() => {
          throw new StudioError('no-file', `${contracts} cannot be read.`)
        })
        const added = await desk.addNetwork({ name, rpcUrl: rpc, secondRpcUrl: secondRpc ?? null, contracts: text })
        tell('added', added, desk.state.active)
        return 0
      }
      case 'remove':
        await desk.removeNetwork(key!)
        break
      case 'use':
        await desk.chooseNetwork(key!)
        break
      case 'check':
        await desk.checkNetwork(key!)
        break
      default:
        throw usage(`There is no ledger networks ${action}.`)
    }
    output.event(action === 'check' ? 'checked' : action, { key })
    return 0
  })
}

/** Opens the profile's ledger; while the app has it, what the app has indexed is read. */
async function withDesk(
  dataDir: string | undefined,
  { output }: CommandContext,
  work: (desk: LedgerDesk) => Promise<number>,
): Promise<number> {
  const profile = dataDir ?? defaultDataDir()
  const dir = join(profile, 'ledger')
  const log = lineLog(output.log)
  const lock = await lockProfile(profile).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'profile-in-use') return null
    throw error
  })
  if (lock === null) {
    output.log('The profile is in use: this is what has been read so far.')
    const desk = await LedgerDesk.open({ dir, local: null, log })
    return work(desk).finally(() => desk.close())
  }
  try {
    const ledgers = new LocalLedgers({ dir: join(profile, 'ledgers') })
    try {
      const desk = await LedgerDesk.open({ dir, local: await homeNetwork(ledgers), log })
      return await work(desk).finally(() => desk.close())
    } finally {
      await ledgers.close()
    }
  } finally {
    await lock.release()
  }
}

function filterOf(args: LedgerArguments): LedgerFilter {
  const kinds = z.array(EntryKind).safeParse(args.kinds)
  if (!kinds.success) throw usage(`--kind is one of ${EntryKind.options.join(', ')}.`)
  return {
    ...EVERYTHING,
    ...{ person: address('person', args.person), channel: address('channel', args.channel) },
    ...{ content: args.content ?? null, kinds: kinds.data, parts: args.parts },
    ...{ since: time('since', args.since), until: time('until', args.until) },
  }
}

function address(name: string, text: string | undefined): string | null {
  if (text === undefined) return null
  const parsed = Address.safeParse(text)
  if (!parsed.success) throw usage(`--${name} is an address: 0x and 40 digits.`)
  return parsed.data
}

/** Unix seconds of a day or a moment (ISO 8601, UTC where it does not say), or of so long ago: 30d, 12h. */
export function time(name: string, text: string | undefined, nowMs = Date.now()): number | null {
  if (text === undefined) return null
  const ago = /^(\d{1,5})([dhm])$/.exec(text)
  if (ago !== null) {
    const unit = { d: 86_400, h: 3_600, m: 60 }[ago[2] as 'd' | 'h' | 'm']
    return Math.max(0, Math.floor(nowMs / 1000) - Number(ago[1]) * unit)
  }
  const ms = /^\d{4}-\d\d-\d\d(T.*)?$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(ms))
    throw usage(`--${name} is a day (2026-11-23), a moment (2026-11-23T18:00Z) or so long ago (7d, 12h).`)
  return Math.floor(ms / 1000)
}

function usage(message: string): StudioError {
  return new StudioError('usage', `${message} See: npm run -s we -- help`)
}
