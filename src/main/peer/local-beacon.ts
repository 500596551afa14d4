import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { z } from 'zod'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import type { Log } from '../platform/log'
import { writeBeside } from '../platform/write-beside'
import { isLoopbackAddress } from './address-scope'

const REFRESH_MS = 2_000
const SCAN_MS = 500
/** A node refreshes its file each 2 s; one that missed several is gone or stopped. */
const STALE_MS = 10_000
const REMOVE_MS = 60_000
const MAX_FILE_BYTES = 4_096
const MAX_FILES = 64

const Beacon = z.strictObject({
  v: z.literal(1),
  peerId: z.string().refine((id) => publicKeyOfPeerId(id) !== null),
  addresses: z.array(z.string().max(256)).min(1).max(8),
})
type Beacon = z.infer<typeof Beacon>

/** Where nodes of one person on one machine find each other. */
export function defaultBeaconDir(): string {
  const who = process.getuid?.() ?? userInfo().username
  return join(tmpdir(), `we-studio-${who}`, 'peers')
}

/**
 * [Note: Local beacon]
 * Two profiles on one machine must find each other at once, also where multicast (mDNS) is off. Each running node keeps
 * one small file with its loopback addresses in a folder that only its user can open (0700), and looks for others. The
 * folder is in /tmp, so nothing in it is trusted: owner, kind, size and shape are checked, only loopback addresses are
 * dialled, and libp2p proves the peer id.
 */
export class LocalBeacon {
  readonly #dir: string
  readonly #own: Beacon
  readonly #found: (peerId: string, addresses: string[]) => void
  readonly #log: Log
  #timers: NodeJS.Timeout[] = []
  #scanning = false
  #stopped = false

  constructor(dir: string, own: Omit<Beacon, 'v'>, found: (peerId: string, addresses: string[]) => void, log: Log) {
    this.#dir = dir
    this.#own = { v: 1, ...own }
    this.#found = found
    this.#log = log
  }

  /** Writes the own file and starts looking. A folder that can not be used is logged, not thrown: mDNS remains. */
  async start(): Promise<void> {
    try {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 })
      await requireOwnFolder(this.#dir)
      await this.#write()
    } catch (error) {
      this.#log('warn', 'no local beacon', { dir: this.#dir, error: String(error) })
      return
    }
    this.#timers = [setInterval(() => void this.#refresh(), REFRESH_MS), setInterval(() => void this.scan(), SCAN_MS)]
    await this.scan()
  }

  /** Reports every fresh file of another node. Never throws. */
  async scan(): Promise<void> {
    if (this.#scanning || this.#stopped) return
    this.#scanning = true
    try {
      const names = (await readdir(this.#dir)).filter((name) => /^12D3KooW\w{44}\.json$/.test(name))
      for (const name of names.slice(0, MAX_FILES)) {
        if (name === `${this.#own.peerId}.json`) continue
        const beacon = await this.#read(join(this.#dir, name))
        if (beacon !== null && `${beacon.peerId}.json` === name) this.#found(beacon.peerId, beacon.addresses)
      }
    } catch (error) {
      this.#log('debug', 'beacon folder unreadable', { error: String(error) })
    } finally {
      this.#scanning = false
    }
  }

  /** Takes the own file away. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearInterval(timer)
    await rm(this.#path, { force: true }).catch(() => undefined)
  }

  get #path(): string {
    return join(this.#dir, `${this.#own.peerId}.json`)
  }

  async #write(): Promise<void> {
    await writeBeside(this.#path, JSON.stringify(this.#own), { mode: 0o600 })
  }

  async #refresh(): Promise<void> {
    const now = new Date()
    try {
      await utimes(this.#path, now, now)
    } catch {
      await this.#write().catch(() => undefined) // cleaned away, e.g. by systemd-tmpfiles
    }
  }

  async #read(path: string): Promise<Beacon | null> {
    // O_NOFOLLOW: never through a link that somebody planted
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null)
    if (file === null) return null
    try {
      const stat = await file.stat()
      const age = Date.now() - stat.mtimeMs
      if (!stat.isFile() || stat.size > MAX_FILE_BYTES || !ownedByUs(stat.uid)) return null
      if (age > REMOVE_MS) await rm(path, { force: true })
      if (age > STALE_MS) return null
      const beacon = Beacon.safeParse(JSON.parse(await file.readFile('utf8')))
      if (!beacon.success) return null
      return beacon.data.addresses.every((text) => isLoopbackAddress(multiaddr(text))) ? beacon.data : null
    } catch {
      return null
    } finally {
      await file.close()
    }
  }
}

function ownedByUs(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid
}

async function requireOwnFolder(dir: string): Promise<void> {
  const stat = await lstat(dir)
  if (!stat.isDirectory() || !ownedByUs(stat.uid)) throw new Error('the folder belongs to somebody else')
  if (process.getuid !== undefined && (stat.mode & 0o077) !== 0) throw new Error('the folder is open to others')
}
