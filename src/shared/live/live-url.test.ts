import { describe, expect, test } from 'vitest'
import { formatLiveUrl, parseLiveUrl } from './live-url'
import { publicKeyOfPeerId } from './peer-id-key'
import { MAX_TOKEN_LETTERS } from './share-limits'

const peerId = '12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM'
const showCid = 'bafyreib2yjwyaiarr2ani7whjop7qrpidpc7e6waxia7ag2b3s7ra4xuou'
const url = `we://${peerId}/live/${showCid}`

describe('the address of a live', () => {
  test('is read and written', () => {
    expect(parseLiveUrl(url)).toEqual({ peerId, showCid })
    expect(parseLiveUrl(`  ${url}\n`)).toEqual({ peerId, showCid }) // as pasted
    expect(formatLiveUrl({ peerId, showCid })).toBe(url)
    expect(parseLiveUrl(`${url}?s=Ab-_9`)).toEqual({ peerId, showCid, share: 'Ab-_9' })
    expect(formatLiveUrl({ peerId, showCid, share: 'Ab-_9' })).toBe(`${url}?s=Ab-_9`)
  })

  test.each([
    ['', 'nothing'],
    ['https://example.org/live', 'another scheme'],
    [url.replace('we:', 'WE:'), 'the scheme in capitals'],
    [`${url}/`, 'a slash behind'],
    [`${url}?a=b`, 'a query'],
    [`${url}?s=`, 'a sharer who is nobody'],
    [`${url}?s=A=`, 'a token with padding'],
    [`${url}?s=AA&t=1`, 'more than a sharer'],
    [`${url}?s=${'A'.repeat(MAX_TOKEN_LETTERS + 1)}`, 'a very long token'],
    [url.replace('/live/', '/show/'), 'another path'],
    [url.replace(peerId, 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'), 'a peer id without a key'],
    [url.replace(peerId, peerId.slice(0, -1)), 'a short peer id'],
    [url.replace('YAki', 'YA0i'), 'a letter that base58 lacks'],
    [url.replace('bafyrei', 'bafkrei'), 'a CID of raw bytes'],
    [url.replace(showCid, 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'), 'a CID of version 0'],
    [url.replace(showCid, showCid.toUpperCase()), 'another spelling of the CID'],
    [`we://${'1'.repeat(5000)}/live/${showCid}`, 'a very long one'],
  ])('refuses %s: %s', (text) => {
    expect(() => parseLiveUrl(text)).toThrow(expect.objectContaining({ code: 'bad-live-url' }) as Error)
  })

  test('a peer id gives its public key', () => {
    expect(publicKeyOfPeerId(peerId)).toHaveLength(32)
    expect(publicKeyOfPeerId(`12D3KooW${'z'.repeat(44)}`)).toBeNull()
  })
})
