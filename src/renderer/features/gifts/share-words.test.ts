import { WEI_PER_WE } from '@shared/money/we-amount'
import { expect, it } from 'vitest'
import { shareWords } from './share-words'

const terms = { feeBps: 100, sharer: null, sharerBps: 500 }

it('who gives reads what the creator gets of it, to the hundredth', () => {
  expect(shareWords(terms, { priceWei: 2n * WEI_PER_WE, designer: null })).toBe('The creator gets 99 % (1.98 WE)')
})

it('who came by a shared link reads what goes to who shared it too', () => {
  const sharer = { address: `0x12ab${'0'.repeat(32)}cd34`, name: 'Cleo' }
  expect(shareWords({ ...terms, sharer }, { priceWei: 100n * WEI_PER_WE, designer: null })).toBe(
    'The creator gets 94.05 % (94.05 WE), Cleo (0x12ab…cd34) gets 4.95 % (4.95 WE) for sharing this live with you',
  )
})

it('who gives somebody’s design in a live reads that its designer has no part of it there', () => {
  const designer = { address: `0xd0${'0'.repeat(34)}beef`, bps: 500 }
  expect(shareWords(terms, { priceWei: WEI_PER_WE, designer })).toBe(
    'The creator gets 99 % (0.99 WE). Designed by 0xd000…beef, whose 5 % are not paid in a live: they are the creator’s here',
  )
  expect(shareWords(terms, { priceWei: WEI_PER_WE, designer: { ...designer, bps: 0 } })).toBe(
    'The creator gets 99 % (0.99 WE)',
  )
})
