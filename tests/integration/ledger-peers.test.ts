import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { Interface } from 'ethers'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { LedgerStatus } from '@shared/ledger/ledger-status'
import { testWallet } from '../../src/main/ledger/embedded/testing/temp-ledger'
import type { LedgerPeerCommand } from './ledger-peer'
import { PeerFleet, type PeerProcess } from './peer-fleet'

const fleet = new PeerFleet()
/** Six processes with real nodes; a busy machine takes its time to start them. */
const TIMEOUT_MS = 90_000
afterEach(() => fleet.end())
afterAll(() => fleet.dispose())

const WE = new Interface(['function claim()', 'function transfer(address,uint256)', 'function balanceOf(address)'])

class LedgerPeer {
  peerId = ''
  multiaddrs: string[] = []

  private constructor(
    readonly process: PeerProcess,
    readonly dataDir: string,
  ) {}

  static async start(dataDir: string, lie?: string): Promise<LedgerPeer> {
    const peer = new LedgerPeer(await fleet.fork('ledger-peer'), dataDir)
    return Object.assign(
      peer,
      await peer.call<object>({ do: 'start', dataDir, ...(lie === undefined ? {} : { lie }) } as LedgerPeerCommand),
    )
  }

  call<T>(command: LedgerPeerCommand): Promise<T> {
    return this.process.call<T>(command as never)
  }

  rpc<T>(id: string, method: string, ...params: unknown[]): Promise<T> {
    return this.call<T>({ do: 'request', id, method, params })
  }

  /** Claims test WE for an account and sends 1 WE on, `count` times; through this peer. */
  async pay(id: string, ledger: LedgerStatus, account: number, count: number): Promise<void> {
    const wallet = testWallet(account)
    for (let nonce = 0; nonce <= count; nonce++) {
      const signed = await wallet.signTransaction({
        type: 2,
        chainId: ledger.chainId,
        nonce,
        to: ledger.contracts[nonce === 0 ? 'TestFaucet' : 'WEToken']!,
        data:
          nonce === 0
            ? WE.encodeFunctionData('claim')
            : WE.encodeFunctionData('transfer', [testWallet(99).address, 10n ** 18n]),
        gasLimit: 200_000,
        maxFeePerGas: 0,
        maxPriorityFeePerGas: 0,
      })
      await this.rpc(id, 'eth_sendRawTransaction', signed)
    }
  }

  balance(id: string, ledger: LedgerStatus, account: number): Promise<string> {
    const data = WE.encodeFunctionData('balanceOf', [testWallet(account).address])
    return this.rpc<string>(id, 'eth_call', { to: ledger.contracts['WEToken'], data }, 'latest')
  }
}

const we = (amount: number): string => `0x${(BigInt(amount) * 10n ** 18n).toString(16).padStart(64, '0')}`
const headOf = (peer: LedgerPeer, id: string): Promise<{ hash: string; stateRoot: string; number: string }> =>
  peer.rpc(id, 'eth_getBlockByNumber', 'latest', false)

async function eventually<T>(look: () => Promise<T>, fits: (value: T) => boolean, timeoutMs = 30_000): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (fits(value)) return value
    if (Date.now() > end) throw new Error(`not in ${timeoutMs} ms: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('a ledger that peers follow', () => {
  it(
    'is executed again by each to the same state, takes their payments, and survives a killed follower',
    async () => {
      const host = await LedgerPeer.start(await fleet.folder())
      const near = await LedgerPeer.start(await fleet.folder())
      const far = await LedgerPeer.start(await fleet.folder())
      const ledger = await host.call<LedgerStatus>({ do: 'home' })
      const { id } = ledger
      await host.pay('home', ledger, 1, 3)

      await near.call({ do: 'connect', addresses: host.multiaddrs })
      expect(await near.call({ do: 'follow', id, peers: [host.peerId] })).toMatchObject({ role: 'follower', height: 4 })
      await near.pay(id, ledger, 2, 3)
      expect(await host.balance('home', ledger, 2)).toBe(we(997))

      // knows the host only through the other follower
      await far.call({ do: 'connect', addresses: near.multiaddrs })
      await far.call({ do: 'follow', id, peers: [near.peerId] })
      await far.pay(id, ledger, 3, 2)
      const made = await headOf(host, 'home')
      for (const follower of [near, far]) {
        const head = await eventually(
          () => headOf(follower, id),
          ({ hash }) => hash === made.hash,
        )
        expect(head).toEqual(made)
        expect(await follower.balance(id, ledger, 99)).toBe(we(8))
      }

      near.process.kill()
      await near.process.waitForExit()
      await host.pay('home', ledger, 4, 5)
      const again = await LedgerPeer.start(near.dataDir)
      await again.call({ do: 'connect', addresses: host.multiaddrs })
      await again.call({ do: 'follow', id, peers: [host.peerId] })
      expect(await headOf(again, id)).toEqual(await headOf(host, 'home'))
    },
    TIMEOUT_MS,
  )

  it(
    'drops by name whoever sends a forged block, a huge one or 10,000 at once, and gets the blocks from others',
    async () => {
      const dir = await fleet.folder()
      const first = await LedgerPeer.start(dir)
      const ledger = await first.call<LedgerStatus>({ do: 'home' })
      await first.pay('home', ledger, 1, 3)
      await first.call({ do: 'stop' })
      const liars = await Promise.all(
        ['forged', 'flood', 'huge'].map(async (lie) => {
          const copy = await fleet.folder()
          await cp(join(dir, 'ledgers'), join(copy, 'ledgers'), { recursive: true })
          return LedgerPeer.start(copy, lie)
        }),
      )
      const host = await LedgerPeer.start(dir)
      await host.call({ do: 'home' })
      const follower = await LedgerPeer.start(await fleet.folder())
      const peers = [...liars, host]
      await follower.call({ do: 'connect', addresses: peers.flatMap(({ multiaddrs }) => multiaddrs) })
      const status = await follower.call<LedgerStatus>({
        do: 'follow',
        id: ledger.id,
        peers: peers.map(({ peerId }) => peerId),
      })
      expect(status.height).toBe(4)
      expect(status.refusals.map(({ peer, code }) => [peer, code])).toEqual([
        [liars[0]!.peerId, 'block-forged'],
        [liars[1]!.peerId, 'peer-flood'],
        [liars[2]!.peerId, 'block-too-large'],
      ])
      expect(await headOf(follower, ledger.id)).toEqual(await headOf(host, 'home'))
    },
    TIMEOUT_MS,
  )
})
