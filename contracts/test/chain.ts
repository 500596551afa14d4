import type { Common } from '@ethereumjs/common'
import { createFeeMarket1559Tx } from '@ethereumjs/tx'
import { type Address as EvmAddress, bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { getCreateAddress, id, Interface, type InterfaceAbi, type Log, type Result, Wallet } from 'ethers'
import { type BlockScene, Executor } from '../../src/main/ledger/embedded/executor'
import { ledgerChain } from '../../src/main/ledger/embedded/ledger-chain'
import { NodeStore } from '../../src/main/ledger/embedded/node-store'
import { MAX_BLOCK_GAS } from '../../src/shared/ledger/ledger-limits'
import { ARTIFACTS, type ArtifactName, deployData, type DeployedName, localDeployment } from '../deployment'

export const CHAIN_ID = 0x5745000001
export const WE = 10n ** 18n
export const DAY = 86_400n

/** An event as a test compares it: name and named values. */
export interface Event {
  readonly name: string
  readonly values: Record<string, unknown>
  readonly address: string
}

export interface Receipt {
  readonly gasUsed: bigint
  readonly events: readonly Event[]
  readonly address: string | null
  /** What the function returned, 0x-hex. */
  readonly output: string
}

/** The contract refused: `error` is the name of its Solidity error. */
export class Refused extends Error {
  constructor(
    readonly error: string,
    readonly values: readonly unknown[],
  ) {
    super(`${error}(${values.map(String).join(', ')})`)
  }
}

const INTERFACES = Object.values(ARTIFACTS).map(({ abi }) => new Interface(abi as InterfaceAbi))
const AUTHOR = new Uint8Array(20)

/**
 * A fresh ledger, by the executor that the app's embedded ledger has, with one transaction a block at a time that the
 * test sets. Gas is what a network charges.
 */
export class Chain {
  /** Unix seconds of the next block. */
  time = 1_800_000_000n
  private height = 1
  private nonces = new Map<string, bigint>()
  private root: Uint8Array | null = null
  private marked: Pick<Chain, 'time'> & { height: number; nonces: Map<string, bigint>; root: Uint8Array | null } =
    this.#state()

  private constructor(
    private readonly common: Common,
    private readonly disk: Map<string, Uint8Array>,
    private executor: Executor,
  ) {}

  static async create(): Promise<Chain> {
    const common = ledgerChain(CHAIN_ID)
    const disk = new Map<string, Uint8Array>()
    return new Chain(common, disk, await openExecutor(common, disk, null))
  }

  /** Notes the present state; `rewind` returns to it, as often as wanted. */
  mark(): void {
    this.marked = this.#state()
  }

  async rewind(): Promise<void> {
    const { time, height, nonces, root } = this.marked
    this.time = time
    this.height = height
    this.nonces = new Map(nonces)
    this.root = root
    this.executor = await openExecutor(this.common, this.disk, root)
  }

  /** A person with a key, the same for the same name. */
  account(name: string): Wallet {
    return new Wallet(id(`we test ${name}`))
  }

  async deploy(artifact: ArtifactName, args: readonly unknown[], from = this.account('deployer')): Promise<Contract> {
    const { address } = await this.execute(from.address, null, deployData(artifact, args))
    return new Contract(this, new Interface(ARTIFACTS[artifact].abi), address!)
  }

  /** Puts code of another compiler run (mutants, attackers) on the chain. */
  async deployCode(abi: InterfaceAbi, bytecode: string, args: readonly unknown[] = []): Promise<Contract> {
    const made = new Interface(abi)
    const data = bytecode + made.encodeDeploy([...args]).slice(2)
    const { address } = await this.execute(this.account('deployer').address, null, data)
    return new Contract(this, made, address!)
  }

  /**
   * Executes a transaction of `from`, signature aside: who signs is what the ledger checks, not the contracts.
   * `accessList` names storage that it will touch (EIP-2930). Throws `Refused` when the contract reverts.
   */
  async execute(
    from: string,
    to: string | null,
    data: string,
    accessList: readonly [string, readonly string[]][] = [],
  ): Promise<Receipt> {
    // A receipt has neither what a function returned nor why it refused: the app asks by a call before, and so do we.
    const foreseen = await this.#ask(from, to, data)
    const nonce = this.nonces.get(from) ?? 0n
    const transaction = createFeeMarket1559Tx(
      {
        nonce,
        gasLimit: MAX_BLOCK_GAS,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        data: data as `0x${string}`,
        ...(to === null ? {} : { to: createAddressFromString(to) }),
        accessList: accessList.map(([address, storageKeys]) => ({ address, storageKeys })) as never,
        r: 1n,
        s: 1n,
        v: 0n,
      },
      { common: this.common, freeze: false },
    )
    transaction.getSenderAddress = (): EvmAddress => createAddressFromString(from)
    const execution = await this.executor.execute(this.#block(), [transaction])
    const outcome = execution.executed[0]?.outcome
    if (outcome === undefined) throw new Error(execution.failed[0]?.reason ?? 'it did not fit into a block')
    for (const { key, value } of execution.writes) this.disk.set(key.toString('hex'), value)
    this.executor.keep(execution)
    this.root = execution.stateRoot
    this.height++
    this.nonces.set(from, nonce + 1n)
    if (outcome.ok === (foreseen.refused !== null)) throw new Error('the call and the transaction ended differently')
    if (foreseen.refused !== null) throw foreseen.refused
    return {
      gasUsed: BigInt(outcome.gasUsed),
      events: outcome.logs.map(([address, topics, payload]) =>
        eventOf({
          address: bytesToHex(address),
          topics: topics.map((one) => bytesToHex(one)),
          data: bytesToHex(payload),
        }),
      ),
      address: outcome.created === null ? null : bytesToHex(outcome.created),
      output: foreseen.output,
    }
  }

  /** Reads without a transaction, as `eth_call`. */
  async call(to: string, data: string, from = this.account('reader').address): Promise<string> {
    const { output, refused } = await this.#ask(from, to, data)
    if (refused !== null) throw refused
    return output
  }

  async codeOf(address: string): Promise<string> {
    return bytesToHex(await this.executor.code(createAddressFromString(address).bytes))
  }

  async #ask(from: string, to: string | null, data: string): Promise<{ output: string; refused: Refused | null }> {
    const { execResult } = await this.executor.call(this.#block(), {
      from: createAddressFromString(from).bytes,
      to: to === null ? null : createAddressFromString(to).bytes,
      data: hexToBytes(data as `0x${string}`),
      value: 0n,
      gas: BigInt(MAX_BLOCK_GAS),
    })
    const output = bytesToHex(execResult.returnValue)
    const error = execResult.exceptionError
    return { output, refused: error === undefined ? null : refusal(output, error.error) }
  }

  #block(): BlockScene {
    return { height: this.height, time: Number(this.time), author: AUTHOR, parentHash: new Uint8Array(32) }
  }

  #state(): Chain['marked'] {
    return { time: this.time, height: this.height, nonces: new Map(this.nonces), root: this.root }
  }
}

/** On nodes that are kept in memory. */
function openExecutor(common: Common, disk: Map<string, Uint8Array>, root: Uint8Array | null): Promise<Executor> {
  const getSync = (key: Buffer): Uint8Array | undefined => disk.get(key.toString('hex'))
  const nodes = new NodeStore({ getSync } as ConstructorParameters<typeof NodeStore>[0])
  return Executor.open(common, nodes, root, () => new Uint8Array(32))
}

/** A contract on the chain by the names of its functions. */
export class Contract {
  constructor(
    readonly chain: Chain,
    readonly abi: Interface,
    readonly address: string,
  ) {}

  /** A transaction; arguments in the order of the ABI. */
  send(from: { readonly address: string }, name: string, ...args: readonly unknown[]): Promise<Receipt> {
    return this.chain.execute(from.address, this.address, this.abi.encodeFunctionData(name, args))
  }

  /** A view; one value comes alone, several as a list with names. */
  async read(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const output = await this.chain.call(this.address, this.abi.encodeFunctionData(name, args))
    const result = this.abi.decodeFunctionResult(name, output)
    return result.length === 1 ? (result[0] as unknown) : result
  }

  async number(name: string, ...args: readonly unknown[]): Promise<bigint> {
    return (await this.read(name, ...args)) as bigint
  }
}

export type Deployed = Record<DeployedName, Contract>

/** Everything as a local ledger gets it. */
export async function deployLocal(chain: Chain): Promise<Deployed> {
  const sender = chain.account('deployer').address
  const made: Partial<Deployed> = {}
  for (const { name, artifact, address, data } of localDeployment(sender)) {
    const receipt = await chain.execute(sender, null, data)
    if (receipt.address?.toLowerCase() !== address) throw new Error(`${name} is at ${String(receipt.address)}`)
    made[name] = new Contract(chain, new Interface(ARTIFACTS[artifact].abi), address)
  }
  return made as Deployed
}

/** Address of the contract that `from` deploys with its `nonce`. */
export function createdBy(from: { readonly address: string }, nonce: number): string {
  return getCreateAddress({ from: from.address, nonce }).toLowerCase()
}

function eventOf(log: Pick<Log, 'address' | 'topics' | 'data'>): Event {
  for (const abi of INTERFACES) {
    const parsed = abi.parseLog(log)
    if (parsed !== null) return { name: parsed.name, values: named(parsed.args), address: log.address }
  }
  return { name: 'unknown', values: {}, address: log.address }
}

function named(result: Result): Record<string, unknown> {
  return result.toObject()
}

function refusal(output: string, fallback: string): Refused {
  for (const abi of INTERFACES) {
    const parsed = output.length >= 10 ? abi.parseError(output) : null
    if (parsed !== null) return new Refused(parsed.name, [...parsed.args] as unknown[])
  }
  return new Refused(fallback, [])
}
