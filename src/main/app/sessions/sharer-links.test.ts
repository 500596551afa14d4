import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentIdOf } from '@shared/gifts/gift-chain'
import { TestAccount } from '@shared/gifts/gift-test-kit'
import { formatLiveUrl } from '@shared/live/live-url'
import { sealShareToken } from '@shared/live/share-token'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SharerLinks } from './sharer-links'

const peerId = '12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM'
const showCid = 'bafyreib2yjwyaiarr2ani7whjop7qrpidpc7e6waxia7ag2b3s7ra4xuou'
const url = formatLiveUrl({ peerId, showCid })
const now = Math.floor(Date.now() / 1000)

let dir: string
let said: string[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-sharers-'))
  said = []
})
afterEach(() => rm(dir, { recursive: true, force: true }))
const links = (at = now): SharerLinks =>
  new SharerLinks(
    join(dir, 'gifts', 'sharers.json'),
    (line) => said.push(line),
    () => at,
  )

function linkOf(number: number, name: string, expires = now + 3_600): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const device = `0x${Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')}`
  const grant = new TestAccount(number).grant(device)
  const share = sealShareToken(
    { subject: contentIdOf(CID.parse(showCid)), expires, name, grant },
    (payload) => new Uint8Array(sign(null, payload, privateKey)),
  )
  return formatLiveUrl({ peerId, showCid, share })
}

test('who brought a person to a live is remembered, over a restart and until the token runs out; the first one counts', async () => {
  const first = links()
  expect(first.opened(url)).toBe(url)
  expect(first.of(showCid)).toBeNull()
  expect(first.opened(` ${linkOf(3, 'Cleo')}\n`)).toBe(url)
  first.opened(linkOf(4, 'Dora'))
  await first.close()
  const cleo = { address: new TestAccount(3).address, name: 'Cleo' }
  expect(links().of(showCid)).toEqual(cleo)
  expect(links(now + 3_601).of(showCid)).toBeNull()
  expect(links(now + 3_601).opened(linkOf(3, 'Cleo'))).toBe(url)
})

test('a token that does not hold is told to the log, and the live opens without it', async () => {
  const opened = links()
  expect(opened.opened(linkOf(3, 'Cleo', now - 1))).toBe(url)
  expect(opened.opened(`${url}?s=AAAA`)).toBe(url)
  expect(opened.of(showCid)).toBeNull()
  expect(said).toEqual([expect.stringContaining('run out'), expect.stringContaining('ignored')])
  expect(opened.opened('https://example.org/a?s=1')).toBe('https://example.org/a?s=1')

  await opened.close()
  await rm(join(dir, 'gifts'), { recursive: true, force: true })
  await writeFile(join(dir, 'gifts'), 'in the way')
  const blocked = links()
  blocked.opened(linkOf(3, 'Cleo')) // counts for now, though it cannot be kept
  await blocked.close()
  expect(blocked.of(showCid)).toMatchObject({ name: 'Cleo' })
  expect(said.at(-1)).toContain('could not be kept')
})
