import type { LogDescription } from 'ethers'
import { z } from 'zod'
import type { EntryKind, Party, PartyRole } from '@shared/ledger/ledger-entry'
import { isDesignLine } from '@shared/gifts/design-part'
import { Address, Bytes32, ZERO_ADDRESS, ZERO_BYTES32 } from '@shared/money/address'
import { readEvent, type EventRule } from './event-rules'

/** More text than this of one event is cut: contracts bound theirs far below. */
const MAX_FIELD = 40_000
const Quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,13}$/)
  .transform(Number)

/** A log as JSON-RPC has it. */
export const RpcLog = z.object({
  address: Address,
  topics: z.array(Bytes32).max(4),
  data: z.string().regex(/^0x([0-9a-fA-F]{2})*$/),
  blockNumber: Quantity,
  blockHash: Bytes32,
  transactionHash: Bytes32,
  transactionIndex: Quantity,
  logIndex: Quantity,
  /** Newer nodes spare us the question for the block. */
  blockTimestamp: Quantity.optional().catch(undefined),
})
export type RpcLog = z.infer<typeof RpcLog>

/** What an index keeps of an event. */
export interface EntryRow {
  block: number
  /** Place in the block. */
  index: number
  kind: EntryKind
  event: string
  contract: string
  transaction: string
  amountWei: bigint | null
  parties: Party[]
  content: string[]
  fields: Record<string, string>
  failed: boolean
}

/** Turns a log of the named contract into a row. What is not understood is kept as it is. */
export function readLog(contract: string, log: RpcLog): EntryRow {
  const base = {
    block: log.blockNumber,
    index: log.logIndex,
    contract,
    transaction: log.transactionHash,
    failed: false,
  }
  const read = readEvent(contract, log.topics, log.data)
  if (read === null) {
    const fields = { topics: log.topics.join(' '), data: log.data.slice(0, MAX_FIELD) }
    return { ...base, kind: 'rule', event: 'Unknown', amountWei: null, parties: [], content: [], fields }
  }
  const { rule, log: event } = read
  const fields = fieldsOf(event)
  const parties: Party[] = Object.entries(partiesOf(rule, fields))
    .map(([name, role]) => ({ role, address: (fields[name] ?? '').toLowerCase() }))
    .filter(({ address }) => address !== ZERO_ADDRESS)
  if (event.name === 'Settled') {
    const payers = (fields['lines'] ?? '').split(' ').filter((line) => line !== '')
    parties.push(...payers.map((line): Party => ({ role: 'payer', address: line.slice(0, 42) })))
  }
  const amount = rule.amount === undefined ? undefined : fields[rule.amount]
  const content = (rule.content ?? []).flatMap((name) => fields[name] ?? []).filter((id) => id !== ZERO_BYTES32)
  return {
    ...{ ...base, kind: rule.kind, event: event.name, fields, parties, content },
    amountWei: amount === undefined ? null : BigInt(amount),
  }
}

/** Of a settlement that pays who designed gifts the sharer is the creator of the room. */
function partiesOf({ parties = {} }: EventRule, fields: Readonly<Record<string, string>>): Record<string, PartyRole> {
  const { sharer = ZERO_ADDRESS, sharerBps } = fields
  return isDesignLine({ sharer, sharerBps: Number(sharerBps) })
    ? { ...parties, creator: 'designer', sharer: 'creator' }
    : parties
}

/** Arguments by name, as text. A settled line (payer << 96 | wei) becomes `payer:wei`. */
function fieldsOf(event: LogDescription): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [place, input] of event.fragment.inputs.entries()) {
    const value: unknown = event.args[place]
    const text = input.name === 'lines' ? linesText(value) : fieldText(value)
    fields[input.name] = text.slice(0, MAX_FIELD)
  }
  return fields
}

function fieldText(value: unknown): string {
  if (Array.isArray(value)) return value.map((item: unknown) => fieldText(item).replaceAll(' ', ':')).join(' ')
  const text = String(value)
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? text.toLowerCase() : text
}

function linesText(value: unknown): string {
  const lines = Array.isArray(value) ? (value as unknown[]) : []
  return lines.map((line) => `${String(line).slice(0, 42)}:${BigInt(`0x${String(line).slice(42)}`)}`).join(' ')
}
