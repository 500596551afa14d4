import { base58btc } from 'multiformats/bases/base58'
import { expect, test } from 'vitest'
import { MAX_MANIFEST_BYTES, openManifest, sealManifest, type ShowManifest } from '../live/show-manifest'
import { planFor } from '../mesh/mesh-plan'
import type { GiftTerms } from './gift-terms'
import { giftTermsProblem } from './gift-terms-problem'
import { TEST_DOMAIN, TestAccount } from './gift-test-kit'

const device = new Uint8Array(32).fill(0xed)
const peerOf = (key: Uint8Array): string => base58btc.baseEncode(Uint8Array.from([0, 0x24, 8, 1, 0x12, 0x20, ...key]))
const broadcaster = peerOf(device)
const creator = new TestAccount(2)
const now = Math.floor(Date.now() / 1000)
const terms = {
  account: creator.address,
  grant: creator.grant(`0x${'ed'.repeat(32)}`),
  chainId: Number(TEST_DOMAIN.chainId),
  genesis: `0x${'ff'.repeat(32)}`,
  bank: TEST_DOMAIN.verifyingContract,
  host: broadcaster,
  sharerBps: 5_000,
} satisfies GiftTerms

test('a live takes gifts for an account only with its leave for the device that signs the show', () => {
  expect(giftTermsProblem(terms, broadcaster, now)).toBeNull()
  const eve = new TestAccount(9)
  // another's account, with a grant of one's own, of somebody else's device, or none that holds
  expect(giftTermsProblem({ ...terms, grant: eve.grant(terms.grant.device) }, broadcaster, now)).toMatch(
    /another account/,
  )
  expect(giftTermsProblem(terms, peerOf(new Uint8Array(32).fill(7)), now)).toMatch(/another device/)
  const forged = { ...eve.grant(terms.grant.device), account: creator.address }
  expect(giftTermsProblem({ ...terms, grant: forged }, broadcaster, now)).toMatch(/somebody else signed/)
  expect(giftTermsProblem(terms, broadcaster, now + 366 * 86_400)).toMatch(/run out/)
  expect(giftTermsProblem({ ...terms, grant: undefined }, broadcaster, now)).toMatch(/no grant/)
  const chat = creator.grant(terms.grant.device, { scopes: 'chat' })
  expect(giftTermsProblem({ ...terms, grant: chat }, broadcaster, now)).toMatch(/not for live/)
})

test('the longest show with gifts fits into its manifest', () => {
  const rendition = { width: 16_384, height: 16_384, kbps: 100_000, codecs: 'avc1.64001f,mp4a.40.2' }
  const manifest: ShowManifest = {
    ...{ v: 2, peerId: broadcaster, title: '名'.repeat(120), category: 'Talk', startedAt: Date.now() },
    ...{ width: 1_920, height: 1_080, fps: 29.97, mimeType: 'video/mp4; codecs="avc1.64001f,mp4a.40.2"' },
    renditions: [
      { id: 'source', ...rendition },
      { id: 'small', ...rendition, width: 640, height: 360 },
    ],
    ...{ mesh: planFor(8_000), gifts: terms, nonce: new Uint8Array(16) },
  }
  const bytes = sealManifest(manifest, () => new Uint8Array(64))
  expect(bytes.length).toBeLessThan(MAX_MANIFEST_BYTES)
  expect(openManifest(bytes, () => true).gifts).toEqual(terms)
})
