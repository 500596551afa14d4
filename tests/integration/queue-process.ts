/**
 * A transaction queue in a process of its own, to be killed at any moment by transaction-queue-kill.test.ts:
 * `DIR URL CONTRACT FIRST`. Sends intents one after another, from number FIRST on, without end.
 */
import '../../src/main/platform/runtime-floor'
import { TransactionQueue } from '../../src/main/ledger/queue/transaction-queue'
import { RpcNetwork } from '../../src/main/ledger/rpc/rpc-network'
import { anvilAccount } from '../../src/main/ledger/testing/anvil'
import { testIntent, testNetwork } from '../../src/main/ledger/testing/test-intent'
import { walletSigner } from '../../src/main/ledger/testing/wallet-signer'

const [dir = '', url = '', contract = '', first = '0'] = process.argv.slice(2)
const ledger = await RpcNetwork.open(testNetwork(url))
const queue = await TransactionQueue.open({
  dir,
  ledger,
  signer: walletSigner(anvilAccount(1)),
  times: { pollMs: 5 },
})
for (let number = Number(first); ; number += 1) {
  await queue.send(testIntent(contract, number))
  process.stdout.write('sent\n')
}
