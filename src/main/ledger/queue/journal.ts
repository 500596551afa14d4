import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { TransactionIntent, TransactionOutcome } from '@shared/ledger/transaction-intent'
import { writeBeside } from '../../platform/write-beside'

/** One signed form of an intent; replacing it by a higher fee makes another with the same nonce. */
export const Attempt = z.object({
  nonce: z.int().min(0),
  hash: z.string(),
  raw: z.string(),
  maxFeePerGas: z.bigint(),
  maxPriorityFeePerGas: z.bigint(),
  /** It does nothing: it only takes the place of the others. */
  cancels: z.boolean(),
})
export type Attempt = z.infer<typeof Attempt>

const Line = z.discriminatedUnion('t', [
  z.object({ t: z.literal('intent'), intent: TransactionIntent }),
  z.object({ t: z.literal('attempt'), id: z.string(), attempt: Attempt }),
  z.object({ t: z.literal('outcome'), id: z.string(), outcome: TransactionOutcome }),
])
type Line = z.infer<typeof Line>

export interface JournalEntry {
  intent: TransactionIntent
  attempts: Attempt[]
  outcome: TransactionOutcome | null
}

/** A journal with more lines than this is written anew at its next opening, without what is long finished. */
const MAX_LINES = 20_000
/** Finished intents whose ids are remembered. */
const KEPT = 5_000

/**
 * What an account has sent to a network, one JSON line each, on the disk before anything depends on it. A line that
 * was cut by a crash has not been relied on and is dropped.
 */
export class Journal {
  /** A line that failed may be half there: nothing is put behind it. */
  #broken = false

  private constructor(
    private readonly file: FileHandle,
    readonly entries: Map<string, JournalEntry>,
  ) {}

  /** Throws StudioError `journal-unreadable`: without it something might be sent twice. */
  static async open(path: string): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    let text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw unreadable(path, error)
    })
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole))
    text = whole
    const entries = new Map<string, JournalEntry>()
    const lines = text.split('\n').slice(0, -1)
    try {
      for (const line of lines) take(entries, Line.parse(revive(line)))
    } catch (error) {
      throw unreadable(path, error)
    }
    if (lines.length > MAX_LINES) {
      forgetOld(entries)
      await writeBeside(path, [...entries.values()].flatMap(linesOf).map(encode).join(''), { mode: 0o600 })
    }
    return new Journal(await open(path, 'a', 0o600), entries)
  }

  /** Resolves when it is on the disk. Throws StudioError `journal-full` when that fails; then nothing is added any more. */
  async add(line: Line): Promise<void> {
    if (this.#broken) throw full()
    try {
      await this.file.appendFile(encode(line))
      await this.file.datasync()
    } catch (error) {
      this.#broken = true
      throw full(error)
    }
    take(this.entries, line)
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

function take(entries: Map<string, JournalEntry>, line: Line): void {
  if (line.t === 'intent') {
    entries.set(line.intent.id, { intent: line.intent, attempts: [], outcome: null })
    return
  }
  const entry = entries.get(line.id)
  if (entry === undefined) throw new Error(`no intent ${line.id}`)
  if (line.t === 'attempt') entry.attempts.push(line.attempt)
  else entry.outcome = line.outcome
}

function linesOf({ intent, attempts, outcome }: JournalEntry): Line[] {
  return [
    { t: 'intent', intent },
    ...attempts.map((attempt): Line => ({ t: 'attempt', id: intent.id, attempt })),
    ...(outcome === null ? [] : [{ t: 'outcome' as const, id: intent.id, outcome }]),
  ]
}

function forgetOld(entries: Map<string, JournalEntry>): void {
  const finished = [...entries].filter(([, { outcome }]) => outcome !== null)
  for (const [id] of finished.slice(0, Math.max(0, finished.length - KEPT))) entries.delete(id)
}

/** JSON has no bigint: `12n` is written as {"$n":"12"}. */
function encode(line: Line): string {
  const text = JSON.stringify(line, (_key, value: unknown) =>
    typeof value === 'bigint' ? { $n: value.toString() } : value,
  )
  return `${text}\n`
}

function revive(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) => {
    const digits = (value as { $n?: unknown } | null)?.$n
    return typeof digits === 'string' ? BigInt(digits) : value
  })
}

function unreadable(path: string, cause: unknown): StudioError {
  return new StudioError(
    'journal-unreadable',
    `The journal of sent transactions in ${path} cannot be read. Restore it from a copy; without it something might ` +
      'be sent twice.',
    { cause },
  )
}

function full(cause?: unknown): StudioError {
  return new StudioError(
    'journal-full',
    'What is sent could not be written down, so nothing is sent. Free some space on the disk and start the app again.',
    { cause },
  )
}
