import { createHash } from 'node:crypto'
import { RoomReader } from '@shared/community/room-entry'
import { encodeRoomMessage } from '@shared/community/room-message'
import type { Verify } from '@shared/live/signed-record'
import { verifyEd25519 } from '../../platform/ed25519'
import { TestAccount, TestDevice, type SealedEntry } from './test-device'

/** Somebody who says things in a room by hand, so that tests can also say them wrong. */
export class RoomVoice {
  readonly #grant: SealedEntry
  #last: SealedEntry

  static async of(account = new TestAccount(), device = new TestDevice()): Promise<RoomVoice> {
    const [grant] = await device.log(account, 1)
    return new RoomVoice(account, device, grant!)
  }

  private constructor(
    readonly account: TestAccount,
    readonly device: TestDevice,
    grant: SealedEntry,
  ) {
    this.#grant = grant
    this.#last = grant
  }

  get grant(): SealedEntry {
    return this.#grant
  }

  entry(kind: string, body: Record<string, unknown>, t: number, more: { expires?: number } = {}): SealedEntry {
    this.#last = this.device.seal(this.#last, { kind, body, t, ...more })
    return this.#last
  }

  message(entry: SealedEntry, extras: readonly SealedEntry[] = []): Uint8Array {
    return encodeRoomMessage({ entry, grant: this.#grant, extras })
  }

  say(room: string, text: string, t: number): Uint8Array {
    return this.message(this.entry('chat', { room, text }, t))
  }
}

export function testRoomReader(verify: Verify = verifyEd25519): RoomReader {
  return new RoomReader({
    verify,
    digest: (bytes) => createHash('sha256').update(bytes).digest(),
  })
}
