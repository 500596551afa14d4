/** What is committed of a compiled contract. */
import { compile, readSources } from './compile.mjs'

/** The contracts that are deployed; the other files are their parts. */
export const CONTRACT_NAMES = [
  'WEToken',
  'AllocationVesting',
  'GiftCatalog',
  'GiftRouter',
  'TipBank',
  'ContentRegistry',
  'AccessMarket',
  'Registry',
  'TestFaucet',
]

/**
 * @returns for each name the text of `contracts/artifacts/NAME.json`. `immutables` lists the byte ranges of
 * `deployedBytecode` that the constructor fills in, so that code on a chain can be compared with them blanked.
 */
export function buildArtifacts() {
  const { contracts, warnings } = compile(readSources())
  const artifacts = CONTRACT_NAMES.map((name) => {
    const { abi, evm } = contracts[`contracts/src/${name}.sol`][name]
    const immutables = Object.values(evm.deployedBytecode.immutableReferences ?? {})
      .flat()
      .sort((a, b) => a.start - b.start)
    const artifact = {
      contractName: name,
      abi,
      bytecode: `0x${evm.bytecode.object}`,
      deployedBytecode: `0x${evm.deployedBytecode.object}`,
      immutables,
    }
    return [name, `${JSON.stringify(artifact, null, 2)}\n`]
  })
  return { artifacts: Object.fromEntries(artifacts), warnings }
}
