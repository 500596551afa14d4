import { expect, test } from 'vitest'
import { nostrKey } from '../main/wallet/keystore/nostr-key'
import { secretFromPhrase } from '../main/wallet/keystore/mnemonic'
import { CommunityScript } from '../main/community/testing/community-script'
import { nostrDrafts } from '../main/community/nostr/nostr-drafts'
import { isNostrEvent, nostrPublicKey, signNostr } from '../main/platform/sign-nostr'

const phrase = 'leader monkey parrot ring guide accident before fence cannon height naive bean'

test('the key of an account’s words is that of NIP-06’s example, and none is made up where the words are not whole', () => {
  const key = nostrKey(secretFromPhrase(phrase))
  expect(Buffer.from(key).toString('hex')).toBe('7f7ff03d123792d6ac594bfa67bf6d0c0ab55b6b1fdb6249303fe861f1ccba9a')
  expect(nostrPublicKey(key)).toBe('17162c921dc4d2518f9a101db33695df1afb56ab82f5ff3e5da6eec3ca5cd917')
  expect(() => nostrKey(secretFromPhrase(phrase, { passphrase: 'more' }))).toThrow(/extra/)
  expect(() => nostrKey({ privateKey: `0x${'11'.repeat(32)}` })).toThrow(/made from a key/)
})

test('own videos, comments and likes become signed events that refer to each other; sealed and foreign things stay out', () => {
  const key = nostrKey(secretFromPhrase(phrase))
  const pubkey = nostrPublicKey(key)
  const script = new CommunityScript()
  script.write(1, 'profile', { name: 'Ann', bio: 'Hi', links: [], langs: [] })
  const video = script.video(1, 'Soup 汤')
  script.video(1, 'Soup, better', { edits: video })
  script.write(1, 'like', { s: video })
  script.write(1, 'like', { s: `acct:0x${'ab'.repeat(20)}` })
  script.write(1, 'comment', { s: video, text: 'Mine', facets: [] })
  script.write(1, 'follow', { s: `acct:0x${'ab'.repeat(20)}` })
  script.write(1, 'report', { to: `0x${'ab'.repeat(20)}`, sealed: new Uint8Array(9) })
  const { drafts, left } = nostrDrafts(script.entries, pubkey)
  expect(left).toEqual({ follow: 1, report: 1 })
  expect(drafts.map(({ kind }) => kind)).toEqual([0, 34_235, 34_235, 7, 17, 1111])
  const address = `34235:${pubkey}:${video}`
  expect(drafts[1]!.tags).toContainEqual(['d', video])
  expect(drafts[2]!.tags).toContainEqual(['d', video]) // the second version replaces the first
  expect(drafts[3]!.tags).toContainEqual(['a', address])
  expect(drafts[5]!.tags).toContainEqual(['A', address])

  const events = drafts.map((draft) => signNostr(draft, key))
  expect(events.every(isNostrEvent)).toBe(true)
  expect(isNostrEvent({ ...events[1]!, content: 'other' })).toBe(false)
  expect(isNostrEvent({ ...events[1]!, sig: events[0]!.sig })).toBe(false)
})
