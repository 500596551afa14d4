import { base64url } from 'multiformats/bases/base64'
import { generateKeyPairSync, randomInt, sign as signWith, verify as verifyWith, createPublicKey } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { TEST_CONTENT, TestAccount } from '../gifts/gift-test-kit'
import { formatLiveUrl, parseLiveUrl } from './live-url'
import { MAX_TOKEN_LETTERS } from './share-limits'
import { openShareToken, sealShareToken, SHARE_SECONDS, type ShareToken } from './share-token'
import { RecordRefused, type Sign, type Verify } from './signed-record'

const verify: Verify = (publicKey, payload, signature) => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }
  return verifyWith(null, payload, createPublicKey({ format: 'jwk', key }), signature)
}

function device(): { key: string; sign: Sign } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  return {
    key: `0x${raw.toString('hex')}`,
    sign: (payload) => new Uint8Array(signWith(null, payload, privateKey)),
  }
}

const now = Math.floor(Date.now() / 1000)
const about = { subject: TEST_CONTENT, now, verify }
const cleo = new TestAccount(3)
const [own, other] = [device(), device()]
let token: ShareToken
let text: string

beforeAll(() => {
  token = { subject: TEST_CONTENT, expires: now + 3_600, name: 'Cleo', grant: cleo.grant(own.key) }
  text = sealShareToken(token, own.sign)
})

describe('the token of who shares a live', () => {
  test('says who it is, in a link that can be pasted', () => {
    expect(openShareToken(text, about)).toEqual({ sharer: cleo.address, name: 'Cleo', expires: now + 3_600 })
    const peerId = '12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM'
    const showCid = 'bafyreib2yjwyaiarr2ani7whjop7qrpidpc7e6waxia7ag2b3s7ra4xuou'
    const link = formatLiveUrl({ peerId, showCid, share: text })
    expect(parseLiveUrl(link).share).toBe(text)
    expect(link.length).toBeLessThan(700)
    const longest = { ...token, name: '名'.repeat(40), grant: cleo.grant(own.key, { scopes: 'record '.repeat(12) }) }
    expect(sealShareToken(longest, own.sign).length).toBeLessThan(MAX_TOKEN_LETTERS)
  })

  test.each<[string, Partial<ShareToken>]>([
    ['has run out', { expires: now }],
    ['holds for longer than a week', { expires: now + SHARE_SECONDS + 3_600 }],
    ['is for another show', { subject: `0x${'aa'.repeat(32)}` }],
    ['has a grant for another device', { grant: cleo.grant(other.key) }],
    ['has a grant that has run out', { grant: cleo.grant(own.key, { expires: now - 1 }) }],
    ['has a grant for other things', { grant: cleo.grant(own.key, { scopes: 'live chat' }) }],
    ['names an account that gave no grant', { grant: { ...cleo.grant(own.key), account: new TestAccount(4).address } }],
  ])('counts for nothing when it %s', (_, change) => {
    expect(() => openShareToken(sealShareToken({ ...token, ...change }, own.sign), about)).toThrow(RecordRefused)
  })

  test('counts for nothing when another device signed it, and after any change', () => {
    expect(() => openShareToken(sealShareToken(token, other.sign), about)).toThrow(/not signed/)
    expect(() => openShareToken(text.slice(0, -1), about)).toThrow(RecordRefused)
    expect(() => openShareToken('A'.repeat(MAX_TOKEN_LETTERS + 1), about)).toThrow(RecordRefused)
    const bytes = base64url.baseDecode(text)
    for (let round = 0; round < 200; round++) {
      const changed = bytes.slice()
      changed[randomInt(changed.length)]! ^= 1 + randomInt(255)
      expect(() => openShareToken(base64url.baseEncode(changed), about)).toThrow(RecordRefused)
    }
  })
})
