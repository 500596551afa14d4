import { expect, test } from 'vitest'
import { formatShareLink, parseShareLink, shareTargetOf, webShareLink, type ShareLink } from './share-link'
import { tokenSubject } from './token-subject'
import { isShareAddress, shareWay, ShareNetwork } from './share-network'

const id = 'bafyreib2yjwyaiarr2ani7whjop7qrpidpc7e6waxia7ag2b3s7ra4xuou'
const account = `0x${'1f'.repeat(20)}`
const live = `we://12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM/live/${id}`

const LINKS: [string, ShareLink][] = [
  [`we://v/${id}`, { target: { type: 'item', id } }],
  [`we://v/${id}?a=${account}&s=Ab-_9`, { target: { type: 'item', id, account }, share: 'Ab-_9' }],
  [`we://v/${id}?s=Ab-_9`, { target: { type: 'item', id }, share: 'Ab-_9' }],
  [`we://l/${id}?a=${account}`, { target: { type: 'list', id, account } }],
  [`we://p/${account}?s=A`, { target: { type: 'person', account }, share: 'A' }],
  [`we://c/${account}/cats-and-dogs`, { target: { type: 'channel', account, slug: 'cats-and-dogs' } }],
  [`${live}?s=A`, { target: { type: 'live', url: live }, share: 'A' }],
]

test.each(LINKS)('%s is written and read, pasted with blanks and in the form for browsers', (text, link) => {
  expect(formatShareLink(link)).toBe(text)
  expect(parseShareLink(` ${text}\n`)).toEqual(link)
  const web = webShareLink('https://relay.example.org:8443/open/', link)
  expect(web.startsWith('https://relay.example.org:8443/open/#')).toBe(true)
  expect(parseShareLink(web)).toEqual(link)
})

test.each([
  '',
  'cats',
  'https://example.org/',
  `https://example.org/#x/${id}`,
  `we://x/${id}`,
  `we://v/${id.slice(1)}`,
  `we://v/${id}/`,
  `we://v/${id}?`,
  `we://v/${id}?&s=A`,
  `we://v/${id}?a=${account}s=A`,
  `we://v/${id}?s=A&a=${account}`,
  `we://v/${id}?s=A&s=B`,
  `we://v/${id}?s=${'A'.repeat(1_000)}`,
  `we://p/${account}?a=${account}`,
  `we://p/${account.toUpperCase()}`,
  `we://c/${account}/-cats`,
  `we://c/${account}/../cats`,
  `${live}?a=${account}`,
  `we://v/${id}#javascript:alert(1)`,
  `we://v/${id}${' '.repeat(3_000)}x`,
])('%s is no link of ours', (text) => {
  expect(parseShareLink(text)).toBeNull()
})

test('each subject has a token of its own, and files cannot be shared so', () => {
  const texts = [id, `acct:${account}`, `chan:${account}/a`, `chan:${account}/b`]
  expect(new Set(texts.map(tokenSubject)).size).toBe(texts.length)
  expect(shareTargetOf(live)).toEqual({ type: 'live', url: live })
  expect(shareTargetOf(`ipfs:${id}`)).toBeNull()
  expect(shareTargetOf('https://example.org')).toBeNull()
})

test('a network is only ever opened on its own form over https, with title and link whole', () => {
  const title = 'Cats & dogs 猫+狗 #1'
  const we = `we://v/${id}?s=A`
  const web = `https://relay.example.org/open/#v/${id}?s=A`
  for (const page of [web, null]) {
    for (const net of ShareNetwork.options) {
      const way = shareWay(net, { title, we, web: page })
      if (way.way === 'copy') {
        expect(way.text).toContain(page ?? we)
        continue
      }
      expect(isShareAddress(way.url)).toBe(true)
      const values = [...new URL(way.url).searchParams.values()].join('\n')
      expect(values).toContain(page ?? we)
      if (net !== 'facebook') expect(values).toContain(title)
    }
  }
  const opened = (page: string | null) =>
    ShareNetwork.options.filter((net) => shareWay(net, { title, we, web: page }).way === 'open')
  expect(opened(web)).toEqual(['x', 'facebook', 'line', 'qq'])
  expect(opened(null)).toEqual(['x', 'line'])
  for (const bad of [
    'http://x.com/',
    'https://x.com.evil.org/',
    'https://a@x.com/',
    'https://x.com:8443/',
    'file:///etc',
  ])
    expect(isShareAddress(bad)).toBe(false)
})
