import { BrowserProvider, Contract, type TransactionResponse } from 'ethers'
import { afterAll, expect, it } from 'vitest'
import { ARTIFACTS, localDeployment } from '../../../../contracts/deployment'
import { SYSTEM_SENDER } from './found-ledger'
import { openLedger } from './open-ledger'
import { removeTempFolders, tempFolder, testWallet } from './testing/temp-ledger'

afterAll(removeTempFolders)

it('a new ledger has all contracts at their known addresses and gives an account test WE once', async () => {
  const opened = await openLedger({ dir: await tempFolder() })
  try {
    const provider = new BrowserProvider(opened, undefined, { cacheTimeout: -1 })
    const steps = localDeployment(`0x${Buffer.from(SYSTEM_SENDER).toString('hex')}`)
    expect([...opened.ledger.contracts]).toEqual(steps.map(({ name, address }) => [name, address]))
    for (const { address } of steps) expect((await provider.getCode(address)).length).toBeGreaterThan(100)

    const wallet = testWallet(3).connect(provider)
    const faucet = new Contract(opened.ledger.contracts.get('TestFaucet')!, ARTIFACTS.TestFaucet.abi, wallet)
    const token = new Contract(opened.ledger.contracts.get('WEToken')!, ARTIFACTS.WEToken.abi, wallet)
    const claim = faucet.getFunction('claim')
    await ((await claim()) as TransactionResponse).wait()
    expect(await token.getFunction('balanceOf')(wallet.address)).toBe(1_000n * 10n ** 18n)
    await expect(claim()).rejects.toThrow(/revert/)
    provider.destroy()
  } finally {
    await opened.close()
  }
})

it('two ledgers have equal contract addresses and different chain ids', async () => {
  const [one, other] = await Promise.all([
    openLedger({ dir: await tempFolder() }),
    openLedger({ dir: await tempFolder() }),
  ])
  try {
    expect(one.ledger.contracts).toEqual(other.ledger.contracts)
    expect(one.ledger.chainId).not.toBe(other.ledger.chainId)
  } finally {
    await Promise.all([one.close(), other.close()])
  }
})
