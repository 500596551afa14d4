/** `share LINK`: the link as Cleo shares it; `who LINK`: the account that a link names. Bundled and run by gifts.spec.ts. */
import '../../../src/main/platform/runtime-floor'
import { contentIdOf } from '@shared/gifts/gift-chain'
import { TestAccount } from '@shared/gifts/gift-test-kit'
import { formatLiveUrl, parseLiveUrl } from '@shared/live/live-url'
import { openShareToken, sealShareToken } from '@shared/live/share-token'
import { CID } from 'multiformats/cid'
import { generateKeyPairSync, sign } from 'node:crypto'
import { verifyEd25519 } from '../../../src/main/platform/ed25519'

const [, , what, link = ''] = process.argv
const { peerId, showCid, share } = parseLiveUrl(link)
const subject = contentIdOf(CID.parse(showCid))
const now = Math.floor(Date.now() / 1000)
if (what === 'who') {
  process.stdout.write(openShareToken(share ?? '', { subject, now, verify: verifyEd25519 }).sharer)
} else {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const device = `0x${Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')}`
  const token = { subject, expires: now + 3_600, name: 'Cleo', grant: new TestAccount(3).grant(device) }
  const signed = sealShareToken(token, (payload) => new Uint8Array(sign(null, payload, privateKey)))
  process.stdout.write(formatLiveUrl({ peerId, showCid, share: signed }))
}
