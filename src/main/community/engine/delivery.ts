import { readFileSync } from 'node:fs'
import { readEnvelope } from '@shared/community/entry-envelope'
import { readAnswerFrame, readLogRequest } from '@shared/community/log-messages'
import type { Waiting } from '@shared/ipc/community/acts-schema'
import { writeBeside } from '../../platform/write-beside'
import type { IndexDatabase } from '../index/index-database'

/** Newest waiting acts that are named; of more, only how many. */
const MOST_NAMED = 300
/** Of acts that are turned on and off: what they are about. Of everything else the entry itself is named. */
const TURNED = new Set(['like', 'repost', 'follow'])

/**
 * How far the own log has reached others: the highest number that a peer asked for, with its body, and was given. What is
 * beyond it waits on this computer. The log's own exchange brings it out when somebody is connected: nothing is sent here.
 */
export class Delivery {
  #reached: number
  #writing: Promise<void> = Promise.resolve()
  readonly #device: string
  /** Something has reached somebody. */
  onReached: () => void = () => undefined

  constructor(
    private readonly path: string,
    private readonly device: Uint8Array,
    private readonly index: IndexDatabase,
  ) {
    this.#device = Buffer.from(device).toString('hex')
    this.#reached = readNumber(path)
  }

  /** A peer asked and is given this. */
  answered(request: Uint8Array, frames: readonly Uint8Array[] | null): void {
    const asked = readLogRequest(request)
    if (asked === null || frames === null || !('a' in asked) || !asked.bodies) return
    if (Buffer.compare(asked.a, this.device) !== 0) return
    const last = frames.length === 0 ? undefined : readAnswerFrame(frames.at(-1)!).at(-1)
    if (last === undefined) return
    const { n } = readEnvelope(last.envelope).header
    if (n <= this.#reached) return
    this.#reached = n
    this.#writing = this.#writing
      .then(() => writeBeside(this.path, String(this.#reached), { mode: 0o600 }))
      .catch(() => undefined) // at worst something is called waiting that is not
    this.onReached()
  }

  waiting(): Waiting {
    const rows = this.index.all(
      `select id, kind, body from entry where device = ? and n > ? and (body is not null or kind = 'del')
       order by n desc limit ?`,
      ...[this.#device, this.#reached, MOST_NAMED],
    ) as { id: string; kind: string; body: string | null }[]
    const count = this.index.get(
      'select count(*) as n from entry where device = ? and n > ?',
      this.#device,
      this.#reached,
    )
    return {
      count: (count as { n: number }).n,
      named: rows.map(({ id, kind, body }) =>
        TURNED.has(kind) && body !== null ? `${kind} ${(JSON.parse(body) as { s: string }).s}` : id,
      ),
    }
  }

  async settled(): Promise<void> {
    await this.#writing
  }
}

function readNumber(path: string): number {
  try {
    const n = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(n) ? n : -1
  } catch {
    return -1
  }
}
