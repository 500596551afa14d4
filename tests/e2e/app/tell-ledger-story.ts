/** Fills the ledger in the folder FOLDER with what people do; bundled and run by ledger-page.spec.ts. */
import '../../../src/main/platform/runtime-floor'
import { BrowserProvider } from 'ethers'
import { FREELY, testWallet } from '../../../src/main/ledger/embedded/testing/temp-ledger'
import { openLedger } from '../../../src/main/ledger/embedded/open-ledger'
import { settleTab, tellStory } from '../../../src/main/ledger/testing/money-story'

const opened = await openLedger({ dir: process.argv[2] ?? '', admission: FREELY })
const provider = new BrowserProvider(opened, undefined, { cacheTimeout: -1 })
provider.pollingInterval = 10
const people = {
  ...{ viewer: testWallet(1).connect(provider), creator: testWallet(2).connect(provider) },
  ...{ sharer: testWallet(3).address, chainId: BigInt(opened.ledger.chainId) },
}
await tellStory(opened.ledger.contracts, people)
for (let more = 1n; more <= 12n; more += 1n) {
  await settleTab(opened.ledger.contracts, people, (20n + more) * 10n ** 18n)
}
provider.destroy()
await opened.close()
