import { expect, test } from 'vitest'
import { publicOption } from './public-option'

const ENTRY = '/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'

test('without --public nothing is joined', () => {
  expect(publicOption(false, [])).toBeNull()
  expect(() => publicOption(false, [ENTRY])).toThrow('--bootstrap goes with --public')
})

test('--public is the IPFS network, with --bootstrap an own one, whose first node enters nowhere', () => {
  expect(publicOption(true, [])).toEqual({ bootstrap: null })
  expect(publicOption(true, [ENTRY])).toEqual({ bootstrap: [ENTRY] })
  expect(publicOption(true, ['self'])).toEqual({ bootstrap: [] })
})

test.each(['4001', '/ip4/127.0.0.1/tcp/4001', 'http://example.org'])('%s is refused with words', (text) => {
  expect(() => publicOption(true, [text])).toThrow('is no address with a peer id')
})
