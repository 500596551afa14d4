import { decode, encode } from '@ipld/dag-cbor'
import { entryCid } from '@shared/community/entry-id'
import { MAX_BODY_BYTES } from '@shared/community/entry-limits'
import { readEnvelope } from '@shared/community/entry-envelope'
import { StudioError } from '@shared/errors'
import { CID } from 'multiformats/cid'
import type { CommunityLog } from './community-log'
import { runsOf } from './entry-run'
import { sha256, type OfferedEntry } from './open-entry'

const CID_BYTES = 36
/** The largest body with its CID, or a header with many roots. */
const MAX_SECTION_BYTES = Math.max(64 * 1024, CID_BYTES + MAX_BODY_BYTES)
/** Entries that are read from the log, or given to it, at once. */
const AT_ONCE = 1_000

/**
 * All logs of an account as a CAR (version 1): of each entry the envelope and then its body, both dag-cbor blocks, in the
 * order of the logs; the roots are the newest envelopes. Every IPFS program can read it.
 * @param told how many entries are written
 */
export function* exportLogs(
  log: CommunityLog,
  account: string,
  told: (entries: number) => void = () => undefined,
): Generator<Uint8Array> {
  let written = 0
  const devices = log.devices(account)
  const heads = devices.map((device) => log.head(device)).filter((head) => head !== null)
  const roots = heads.map((head) => CID.decode(entryCid(sha256(head))))
  const header = encode({ version: 1, roots })
  yield Buffer.concat([varint(header.length), header])
  for (const device of devices) {
    for (let from = 0; ;) {
      const entries = log.entriesOf(device, from, AT_ONCE)
      if (entries.length === 0) break
      yield Buffer.concat(entries.flatMap(({ envelope, body }) => [...block(envelope), ...(body ? block(body) : [])]))
      from = readEnvelope(entries.at(-1)!.envelope).header.n + 1
      told((written += entries.length))
    }
  }
}

/**
 * Takes in what `exportLogs` wrote, each entry checked as if a stranger had sent it. Resolves to how many were new. Throws
 * StudioError `backup-broken` for a file that is none or has an entry that does not hold; what came before it is kept, so
 * `lookAtBackup` first.
 */
export async function importLogs(log: CommunityLog, file: AsyncIterable<Uint8Array>): Promise<number> {
  let stored = 0
  for await (const entries of entriesOfBackup(file)) {
    for (const run of runsOf(entries)) {
      const intake = await log.accept(run)
      stored += intake.stored
      // the account may have taken the device back, or found it forked, since the backup was made
      if (intake.refused !== null && !['revoked', 'forked'].includes(intake.refused.fault)) throw brokenBackup()
    }
  }
  return stored
}

/**
 * What is in a backup, in its order and some at a time, each block with the hash that it is named by; nothing else of it
 * is checked. Throws StudioError `backup-broken`.
 */
export async function* entriesOfBackup(file: AsyncIterable<Uint8Array>): AsyncGenerator<OfferedEntry[]> {
  let waiting: OfferedEntry[] = []
  let isHeader = true
  for await (const section of sections(file)) {
    if (isHeader) {
      isHeader = false
      if (!isCarHeader(section)) throw brokenBackup()
      continue
    }
    const bytes = section.subarray(CID_BYTES)
    if (Buffer.compare(section.subarray(0, CID_BYTES), entryCid(sha256(bytes))) !== 0) throw brokenBackup()
    // an envelope is an array, a body a map: the major type tells them apart
    if (bytes[0]! >> 5 === 4) {
      if (!isEnvelope(bytes)) throw brokenBackup()
      if (waiting.length >= AT_ONCE) {
        yield waiting
        waiting = []
      }
      waiting.push({ envelope: bytes, body: null })
    } else {
      const entry = waiting.pop()
      if (entry?.body !== null) throw brokenBackup()
      waiting.push({ envelope: entry.envelope, body: bytes })
    }
  }
  if (isHeader) throw brokenBackup()
  yield waiting
}

/** What the lengths announce, one after the other; no more than a chunk and one section is kept. */
async function* sections(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0)
  for await (const chunk of file) {
    rest = Buffer.concat([rest, chunk])
    for (let next = readLength(rest); next !== null; next = readLength(rest)) {
      const end = next.at + next.length
      if (end > rest.length) break
      yield new Uint8Array(rest.subarray(next.at, end))
      rest = rest.subarray(end)
    }
  }
  if (rest.length > 0) throw brokenBackup()
}

/** The length at the beginning and where what it announces begins; null: it is not all there. */
function readLength(bytes: Uint8Array): { length: number; at: number } | null {
  let length = 0
  for (let at = 0, factor = 1; at < bytes.length; at++, factor *= 128) {
    length += (bytes[at]! & 127) * factor
    if (length > MAX_SECTION_BYTES) throw brokenBackup()
    if (bytes[at]! < 128) return { length, at: at + 1 }
  }
  return null
}

function isEnvelope(bytes: Uint8Array): boolean {
  try {
    readEnvelope(bytes)
    return true
  } catch {
    return false
  }
}

function isCarHeader(bytes: Uint8Array): boolean {
  try {
    return decode<{ version?: unknown }>(bytes).version === 1
  } catch {
    return false
  }
}

function* block(bytes: Uint8Array): Generator<Uint8Array> {
  yield varint(CID_BYTES + bytes.length)
  yield entryCid(sha256(bytes))
  yield bytes
}

/** Unsigned LEB128 (multiformats varint). */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return Uint8Array.of(...bytes, left)
}

/** `backup-broken`. */
export function brokenBackup(): StudioError {
  return new StudioError(
    'backup-broken',
    'This file is no whole backup, or it was changed since it was made. Try another copy of it.',
  )
}
