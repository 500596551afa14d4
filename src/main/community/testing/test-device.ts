import { Wallet } from 'ethers'
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { encodeBody } from '@shared/community/entry-body'
import { encodeEnvelope, signedBytes } from '@shared/community/entry-envelope'
import { encodeHeader, type EntryHeader } from '@shared/community/entry-header'
import { entryCid } from '@shared/community/entry-id'
import { GRANT_SCOPES, type SignedKeyGrant } from '@shared/wallet/key-grant'
import type { SignedKeyRevoke } from '@shared/wallet/key-revoke'
import { IDENTITY_DOMAIN, TYPED_DATA } from '@shared/wallet/typed-data'
import { ed25519Signer } from '../../platform/ed25519'
import { sha256, type OfferedEntry } from '../log/open-entry'
import type { LogKey } from '../log/own-log'

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`

/** An entry of a test, with its id. */
export interface SealedEntry extends OfferedEntry {
  readonly id: Uint8Array
  readonly header: EntryHeader
}

/** PKCS #8 of an Ed25519 key (RFC 8410), before its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A person with a wallet. */
export class TestAccount {
  readonly #wallet: Wallet
  readonly address: string

  constructor(secret: Uint8Array = randomBytes(32)) {
    this.#wallet = new Wallet(hex(secret))
    this.address = this.#wallet.address.toLowerCase()
  }

  async grant(device: Pick<TestDevice, 'publicKey'>, changes: Partial<SignedKeyGrant> = {}): Promise<SignedKeyGrant> {
    const message = {
      ...{ account: this.address, device: hex(device.publicKey), x25519: hex(new Uint8Array(32).fill(9)) },
      ...{ scopes: GRANT_SCOPES, notBefore: 0, expires: 4_000_000_000, nonce: 1 },
      ...changes,
    }
    const types = { KeyGrant: [...TYPED_DATA.KeyGrant] }
    return { ...message, signature: await this.#wallet.signTypedData(IDENTITY_DOMAIN, types, message) }
  }

  /** `last`: the last entry that holds; null: none. */
  async revoke(device: TestDevice, last: SealedEntry | null): Promise<SignedKeyRevoke> {
    const message = {
      ...{ account: this.address, device: hex(device.publicKey) },
      ...{ lastN: last?.header.n ?? 0, lastId: last === null ? '0x' : hex(entryCid(last.id)) },
    }
    const types = { KeyRevoke: [...TYPED_DATA.KeyRevoke] }
    return { ...message, signature: await this.#wallet.signTypedData(IDENTITY_DOMAIN, types, message) }
  }
}

type Fields = Partial<Omit<EntryHeader, 'device'>> & { body?: Record<string, unknown> | Uint8Array }

/** A device whose log is made by hand, so that tests can also make it wrong. */
export class TestDevice implements LogKey {
  readonly publicKey: Uint8Array
  readonly sign: (payload: Uint8Array) => Uint8Array

  constructor(seed: Uint8Array = randomBytes(32)) {
    const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
    this.publicKey = new Uint8Array(spki.subarray(-32))
    this.sign = ed25519Signer(Buffer.concat([seed, this.publicKey]))
  }

  /** An entry after another one; `fields` say what is to be different. */
  seal(before: SealedEntry | null, { body = {}, ...fields }: Fields = {}): SealedEntry {
    const bytes = body instanceof Uint8Array ? body : encodeBody(body)
    const header: EntryHeader = {
      ...{ device: this.publicKey, n: before === null ? 0 : before.header.n + 1, prev: before?.id ?? null },
      ...{ t: 1_700_000_000_000, kind: 'comment', bodyHash: sha256(bytes), bodySize: bytes.length, ...fields },
    }
    const headerBytes = encodeHeader(header)
    const envelope = encodeEnvelope(headerBytes, this.sign(signedBytes(headerBytes)))
    return { envelope, body: bytes, id: sha256(envelope), header }
  }

  /** A log: the grant, then comments. */
  async log(account: TestAccount, length: number): Promise<SealedEntry[]> {
    const entries = [this.seal(null, { kind: 'key.grant', body: { ...(await account.grant(this)) } })]
    while (entries.length < length) entries.push(this.comment(entries.at(-1)!))
    return entries
  }

  comment(before: SealedEntry, text = `number ${before.header.n + 1}`): SealedEntry {
    return this.seal(before, { body: { s: 'acct:0x00', text, lang: 'en', facets: [] } })
  }
}
