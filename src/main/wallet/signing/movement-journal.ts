import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Movement } from '@shared/wallet/wallet-state'

/** Newest lines that are held in memory; the file keeps all. */
const KEPT = 2_000

/** Every signature of an account that moved something: one JSON line each, only ever appended. Nothing in it is secret. */
export class MovementJournal {
  readonly #known: Movement[]

  private constructor(
    private readonly file: FileHandle,
    known: Movement[],
  ) {
    this.#known = known
  }

  /** A line that a crash has cut is dropped; one that cannot be read is left out. */
  static async open(path: string): Promise<MovementJournal> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const text = await readFile(path, 'utf8').catch(() => '')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole))
    const lines = whole.split('\n').slice(0, -1).slice(-KEPT)
    return new MovementJournal(await open(path, 'a', 0o600), lines.flatMap(parse))
  }

  /** Newest first. */
  newest(limit: number): Movement[] {
    return this.#known.slice(-limit).reverse()
  }

  get addressesPaid(): string[] {
    return this.#known.flatMap(({ other, paysWei }) => (other !== null && paysWei > 0n ? [other] : []))
  }

  async add(movement: Movement): Promise<void> {
    this.#known.push(movement)
    if (this.#known.length > 2 * KEPT) this.#known.splice(0, KEPT)
    const { paysWei, chainId, ...rest } = movement
    const line = { ...rest, paysWei: paysWei.toString(), chainId: chainId?.toString() ?? null }
    await this.file.write(`${JSON.stringify(line)}\n`)
    await this.file.datasync()
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

function parse(line: string): Movement[] {
  try {
    const { paysWei, chainId, ...rest } = JSON.parse(line) as { paysWei: string; chainId: string | null }
    return [Movement.parse({ ...rest, paysWei: BigInt(paysWei), chainId: chainId === null ? null : BigInt(chainId) })]
  } catch {
    return []
  }
}
