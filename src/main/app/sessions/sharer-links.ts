import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { MAX_GIFT_NAME } from '@shared/gifts/gift-limits'
import { formatLiveUrl, parseLiveUrl, type LiveAddress } from '@shared/live/live-url'
import { openShareToken } from '@shared/live/share-token'
import { Address } from '@shared/money/address'
import { tokenSubject } from '@shared/share/token-subject'
import { verifyEd25519 } from '../../platform/ed25519'
import { writeBeside } from '../../platform/write-beside'

const Brought = z.strictObject({
  show: z.string().max(100),
  address: Address,
  name: z.string().max(MAX_GIFT_NAME),
  /** Unix seconds. */
  expires: z.int(),
})
type Brought = z.infer<typeof Brought>

/** Subjects that are remembered; the longest ago goes first. */
const MAX_KEPT = 200
const SharersFile = z.strictObject({ v: z.literal(1), brought: z.array(Brought).max(MAX_KEPT) })

/**
 * Who brought this person to which live, video, channel or person: the sharers of the links that were opened. The first one counts for as long as
 * the token holds, over restarts; a token that does not hold is put down in the log, and what it leads to opens without it.
 */
export class SharerLinks {
  #brought: Brought[]
  #writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly path: string,
    private readonly log: (line: string) => void,
    private readonly nowSeconds = () => Math.floor(Date.now() / 1000),
  ) {
    this.#brought = read(path, log)
  }

  /** A link was opened: keeps its sharer and gives the address without. What is no link comes back as it is. */
  opened(link: string): string {
    let address: LiveAddress
    try {
      address = parseLiveUrl(link)
    } catch {
      return link // whoever opens it says what is wrong with it
    }
    const { peerId, showCid, share } = address
    this.remember(showCid, share)
    return formatLiveUrl({ peerId, showCid })
  }

  /** A link to something with the token in it: keeps who sent it. A show's subject is its CID. */
  remember(subject: string, share: string | undefined): void {
    if (share !== undefined && this.of(subject) === null) this.#take(subject, share)
  }

  /** Who brought this person to a show or another subject; null: nobody. */
  of(subject: string): { address: Address; name: string } | null {
    const found = this.#brought.find(({ show, expires }) => show === subject && expires > this.nowSeconds())
    return found === undefined ? null : { address: found.address, name: found.name }
  }

  /** Resolves when all is on the disk. */
  close(): Promise<void> {
    return this.#writing
  }

  #take(show: string, share: string): void {
    try {
      const about = { subject: tokenSubject(show), now: this.nowSeconds(), verify: verifyEd25519 }
      const { sharer, name, expires } = openShareToken(share, about)
      const others = this.#brought.filter((one) => one.show !== show && one.expires > this.nowSeconds())
      this.#brought = [...others, { show, address: sharer, name, expires }].slice(-MAX_KEPT)
    } catch (error) {
      this.log(`A sharer’s token was ignored: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    const text = JSON.stringify({ v: 1, brought: this.#brought } satisfies z.input<typeof SharersFile>)
    this.#writing = this.#writing
      .then(() => {
        mkdirSync(dirname(this.path), { recursive: true })
        return writeBeside(this.path, `${text}\n`, { mode: 0o600 })
      })
      .catch((error: unknown) => this.log(`Who shared a live could not be kept: ${String(error)}`))
  }
}

function read(path: string, log: (line: string) => void): Brought[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  try {
    return SharersFile.parse(JSON.parse(text)).brought
  } catch {
    log(`${path} cannot be read: who shared the lives of before is forgotten.`)
    return []
  }
}
