import { generateKeyPair } from '@libp2p/crypto/keys'
import { describe, expect, test } from 'vitest'
import { sealAlive } from '@shared/live/show-alive'
import { sealManifest } from '@shared/live/show-manifest'
import { recordCid } from './content-id'
import { ed25519Signer } from '../platform/ed25519'
import { encodeListing, ShowDirectory, SILENT_AFTER_MS } from './show-directory'

const NOW = 1_795_363_172_225

/** A broadcaster with a show, and what it says of it. */
async function broadcaster() {
  const key = await generateKeyPair('Ed25519')
  const sign = ed25519Signer(key.raw)
  const peerId = key.publicKey.toString()
  const show = (nonce = 0) => {
    const manifest = sealManifest(
      {
        v: 2,
        peerId,
        title: `Show ${nonce}`,
        category: 'Music',
        startedAt: NOW + nonce,
        width: 640,
        height: 360,
        fps: 30,
        mimeType: 'video/mp4',
        renditions: [{ id: 'source', width: 640, height: 360, kbps: 1000, codecs: 'avc1.64001f,mp4a.40.2' }],
        nonce: new Uint8Array(16).fill(nonce),
      },
      sign,
    )
    const cid = recordCid(manifest).toString()
    const say = (t: number, state: 'live' | 'ended' = 'live') =>
      encodeListing(manifest, sealAlive({ v: 1, show: cid, t, state }, sign))
    return { cid, manifest, say }
  }
  return { peerId, sign, show }
}

describe('the list of lives', () => {
  test('shows what is on, until it is silent or over', async () => {
    const ann = await broadcaster()
    const [one, two] = [ann.show(1), ann.show(2)]
    const list = new ShowDirectory('me')
    expect(list.take(one.say(NOW), NOW)).toEqual({ verdict: 'accept', changed: true })
    expect(list.take(two.say(NOW), NOW)).toEqual({ verdict: 'accept', changed: true })
    expect(list.take(one.say(NOW + 2000), NOW + 2000)).toEqual({ verdict: 'accept', changed: false })
    expect(list.lives()).toMatchObject([{ title: 'Show 2' }, { title: 'Show 1', peerId: ann.peerId, own: false }])
    expect(list.lives()[1]!.url).toBe(`we://${ann.peerId}/live/${one.cid}`)

    expect(list.expire(NOW + SILENT_AFTER_MS)).toBe(false)
    expect(list.expire(NOW + SILENT_AFTER_MS + 1)).toBe(true)
    expect(list.lives()).toMatchObject([{ title: 'Show 1' }])
    expect(list.take(one.say(NOW + 3000, 'ended'), NOW + 3000)).toEqual({ verdict: 'accept', changed: true })
    expect(list.lives()).toEqual([])
    expect(list.take(one.say(NOW + 4000), NOW + 4000).changed).toBe(false) // over is over
  })

  test('knows the own shows', async () => {
    const ann = await broadcaster()
    const list = new ShowDirectory(ann.peerId)
    list.take(ann.show().say(NOW), NOW)
    expect(list.lives()).toMatchObject([{ own: true }])
  })

  test('a message that is played back changes nothing', async () => {
    const ann = await broadcaster()
    const show = ann.show()
    const list = new ShowDirectory('me')
    const first = show.say(NOW)
    list.take(first, NOW)
    expect(list.take(first, NOW + 5000)).toEqual({ verdict: 'ignore', changed: false })
    expect(list.expire(NOW + 8001)).toBe(true) // the replay did not keep it alive
    expect(list.take(first, NOW + 11 * 60_000)).toEqual({ verdict: 'ignore', changed: false })
    expect(list.take(show.say(NOW + 3_600_000), NOW)).toEqual({ verdict: 'ignore', changed: false })
  })

  test('what is not signed by the broadcaster is refused', async () => {
    const [ann, eve] = [await broadcaster(), await broadcaster()]
    const show = ann.show()
    const list = new ShowDirectory('me')
    const refused = { verdict: 'reject', changed: false }
    const evil = encodeListing(show.manifest, sealAlive({ v: 1, show: show.cid, t: NOW, state: 'ended' }, eve.sign))
    list.take(show.say(NOW - 1), NOW)
    expect(list.take(evil, NOW)).toEqual(refused)
    const good = show.say(NOW)
    for (let at = 0; at < good.length; at += 7) {
      const bad = good.slice()
      bad[at] = bad[at]! ^ 0x10
      expect(list.take(bad, NOW)).toEqual(refused)
    }
    expect(list.take(new Uint8Array(0), NOW)).toEqual(refused)
    expect(list.take(new Uint8Array(5000), NOW)).toEqual(refused)
    expect(list.lives()).toHaveLength(1)
  })

  test('nobody fills the list alone', async () => {
    const ann = await broadcaster()
    const list = new ShowDirectory('me')
    for (let nonce = 0; nonce < 10; nonce++) list.take(ann.show(nonce).say(NOW + nonce), NOW)
    expect(list.lives()).toHaveLength(4)
  })
})
