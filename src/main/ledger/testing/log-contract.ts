import type { Signer } from 'ethers'

/** Emits one log whose only topic is the first word of the call: `log1(0, 0, calldataload(0))`. */
const RUNTIME = '60003560006000a100'

/** Copies the nine bytes behind it into memory and returns them. */
const INIT = `0x6009600c60003960096000f3${RUNTIME}`

/** Deploys a contract that says what it is called with; its lower-case address. */
export async function deployLogContract(signer: Signer): Promise<string> {
  const sent = await signer.sendTransaction({ data: INIT })
  const receipt = await sent.wait()
  return receipt!.contractAddress!.toLowerCase()
}
