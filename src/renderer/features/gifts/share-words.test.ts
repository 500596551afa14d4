import { WEI_PER_WE } from '@shared/money/we-amount'
import { expect, it } from 'vitest'
import { shareWords } from './share-words'

const creator = `0xbe${'0'.repeat(38)}`
const ann = { address: `0xa0${'0'.repeat(38)}`, name: 'Ann' }
const terms = { feeBps: 100, sharer: null, sharerBps: 500, account: ann, creator }

it('who gives reads what the creator gets of it, to the hundredth', () => {
  expect(shareWords(terms, { priceWei: 2n * WEI_PER_WE, designer: null })).toBe('The creator gets 99 % (1.98 WE)')
})

it('who came by a shared link reads what goes to who shared it too', () => {
  const sharer = { address: `0x12ab${'0'.repeat(32)}cd34`, name: 'Cleo' }
  expect(shareWords({ ...terms, sharer }, { priceWei: 100n * WEI_PER_WE, designer: null })).toBe(
    'The creator gets 94.05 % (94.05 WE), Cleo (0x12ab…cd34) gets 4.95 % (4.95 WE) for sharing this live with you',
  )
})

it('who gives somebody’s design reads what its designer gets; one’s own and the creator’s own take no part', () => {
  const designer = { address: `0xd0${'0'.repeat(34)}beef`, bps: 500 }
  expect(shareWords(terms, { priceWei: 100n * WEI_PER_WE, designer })).toBe(
    'The creator gets 94.05 % (94.05 WE), 0xd000…beef gets 4.95 % (4.95 WE) for designing it',
  )
  for (const none of [
    { ...designer, bps: 0 },
    { ...designer, address: ann.address },
    { ...designer, address: creator },
  ]) {
    expect(shareWords(terms, { priceWei: 100n * WEI_PER_WE, designer: none })).toBe('The creator gets 99 % (99 WE)')
  }
})
