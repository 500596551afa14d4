import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MemberId, MessageEvent } from '@shared/community/direct-conversation'
import { DirectMessages } from '../messages/direct-messages'
import type { Parcel } from '../messages/message-store'
import { hexOf } from '../messages/mls-credential'
import { TestAccount, TestDevice } from './test-device'

/** People with real databases in a folder; parcels are carried by hand, in any order, late or never. */
export class MessageWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'we-messages-'))
  readonly people: TestPerson[] = []
  readonly strangers = new Set<string>()
  now = Date.now()

  async person(): Promise<TestPerson> {
    const person = new TestPerson(this, join(this.folder, String(this.people.length), 'messages.sqlite'))
    this.people.push(person)
    await person.reopen()
    return person
  }

  /** Carries everything that is due until nothing is; refusals are thrown. */
  async carry(): Promise<void> {
    for (;;) {
      const loads = this.people.flatMap((from) => from.messages.due().map((parcel) => ({ from, parcel })))
      if (loads.length === 0) return
      for (const { from, parcel } of loads) {
        await this.deliver(from, parcel)
        from.messages.acknowledged(parcel)
      }
    }
  }

  async deliver(from: TestPerson, { to, bytes }: Pick<Parcel, 'to' | 'bytes'>): Promise<MessageEvent[]> {
    const person = this.people.find(({ member }) => member.device === to.device)!
    return person.messages.receive(bytes, from.member.device)
  }

  async remove(): Promise<void> {
    for (const { messages } of this.people) await messages.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export class TestPerson {
  readonly device = new TestDevice()
  readonly member: MemberId = { account: new TestAccount().address, device: hexOf(this.device.publicKey) }
  messages!: DirectMessages

  constructor(
    private readonly world: MessageWorld,
    readonly path: string,
    readonly key: Uint8Array = createHash('sha256').update(randomBytes(32)).digest(),
  ) {}

  /** As after a kill: the old one is left as it stands. */
  async reopen(path = this.path): Promise<void> {
    this.messages = await DirectMessages.open({
      ...{ path, key: this.key, account: this.member.account, device: this.device, now: () => this.world.now },
      isDeviceOf: ({ device }) => !this.world.strangers.has(device),
    })
  }

  async package(): Promise<Uint8Array> {
    return (await this.messages.keyPackage()).package
  }

  texts(conversation: string): string[] {
    return this.messages.history(conversation).map(({ body }) => body.text)
  }
}
