/** `deploy-chain URL ACCOUNT...`: our contracts on a chain that obeys tests; coins and 1,000 WE for the accounts. Bundled. */
import '../../../src/main/platform/runtime-floor'
import { ContractName } from '@shared/money/contract-name'
import { JsonRpcProvider } from 'ethers'
import { localDeployment } from '../../../contracts/deployment'
import { anvilAccount } from '../../../src/main/ledger/testing/anvil'

const [, , url = '', ...accounts] = process.argv
const node = new JsonRpcProvider(url, undefined, { pollingInterval: 50, batchMaxCount: 1, cacheTimeout: -1 })
const deployer = anvilAccount(0).connect(node)
const steps = localDeployment(deployer.address)
for (const [nonce, { data }] of steps.entries()) await deployer.sendTransaction({ data, nonce, gasLimit: 8_000_000 })
const at = new Map(steps.map(({ name, address }) => [name as string, address]))
for (const from of accounts) {
  await node.send('anvil_setBalance', [from, '0x8ac7230489e80000'])
  await node.send('anvil_impersonateAccount', [from])
  await node.send('eth_sendTransaction', [{ from, to: at.get('TestFaucet'), data: '0x4e71d92d' }]) // claim()
}
const contracts = Object.fromEntries(ContractName.options.map((name) => [name, { address: at.get(name) }]))
process.stdout.write(JSON.stringify({ chainId: 31_337, coin: 'TST', contracts }))
node.destroy()
