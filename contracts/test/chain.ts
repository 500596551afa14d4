import { createBlock } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { createFeeMarket1559Tx } from '@ethereumjs/tx'
import { type Address as EvmAddress, bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { getCreateAddress, id, Interface, type InterfaceAbi, type Log, type Result, Wallet } from 'ethers'
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
const GAS_LIMIT = 1_000_000_000n

/** A fresh EVM (Prague) that executes one transaction a block, at a time the test sets. Gas is what a network charges. */
export class Chain {
  /** Unix seconds of the next block. */
  time = 1_800_000_000n
  private height = 1n
  private nonces = new Map<string, bigint>()
  private marked: { time: bigint; height: bigint; nonces: Map<string, bigint> } | null = null

  private constructor(
    private readonly vm: VM,
    private readonly common: Common,
  ) {}

  static async create(): Promise<Chain> {
    const common = new Common({ chain: { ...Mainnet, chainId: CHAIN_ID }, hardfork: Hardfork.Prague })
    const vm = await createVM({ common, stateManager: new SimpleStateManager({ common }) })
    return new Chain(vm, common)
  }

  /** Notes the present state; `rewind` returns to it, as often as wanted. */
  async mark(): Promise<void> {
    await this.vm.stateManager.checkpoint()
    this.marked = { time: this.time, height: this.height, nonces: new Map(this.nonces) }
  }

  async rewind(): Promise<void> {
    if (this.marked === null) throw new Error('nothing is marked')
    await this.vm.stateManager.revert()
    this.time = this.marked.time
    this.height = this.marked.height
    this.nonces = this.marked.nonces
    await this.mark()
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
    const nonce = this.nonces.get(from) ?? 0n
    const tx = createFeeMarket1559Tx(
      {
        nonce,
        gasLimit: GAS_LIMIT,
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
    tx.getSenderAddress = (): EvmAddress => createAddressFromString(from)
    const block = createBlock(
      { header: { number: this.height++, timestamp: this.time, gasLimit: 30_000_000_000n, baseFeePerGas: 0n } },
      { common: this.common, skipConsensusFormatValidation: true },
    )
    const { execResult, totalGasSpent, createdAddress } = await runTx(this.vm, { tx, block, skipBalance: true })
    this.nonces.set(from, nonce + 1n)
    const output = bytesToHex(execResult.returnValue)
    if (execResult.exceptionError !== undefined) throw refusal(output, execResult.exceptionError.error)
    return {
      gasUsed: totalGasSpent,
      events: (execResult.logs ?? []).map(([address, topics, payload]) =>
        eventOf({
          address: bytesToHex(address),
          topics: topics.map((one) => bytesToHex(one)),
          data: bytesToHex(payload),
        }),
      ),
      address: createdAddress?.toString() ?? null,
      output,
    }
  }

  /** Reads without a transaction, as `eth_call`. */
  async call(to: string, data: string, from = this.account('reader').address): Promise<string> {
    const { execResult } = await this.vm.evm.runCall({
      caller: createAddressFromString(from),
      to: createAddressFromString(to),
      data: hexToBytes(data as `0x${string}`),
      gasLimit: GAS_LIMIT,
      isStatic: true,
      block: createBlock(
        { header: { number: this.height, timestamp: this.time } },
        { common: this.common, skipConsensusFormatValidation: true },
      ),
    })
    const output = bytesToHex(execResult.returnValue)
    if (execResult.exceptionError !== undefined) throw refusal(output, execResult.exceptionError.error)
    return output
  }

  async codeOf(address: string): Promise<string> {
    return bytesToHex(await this.vm.stateManager.getCode(createAddressFromString(address)))
  }
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
