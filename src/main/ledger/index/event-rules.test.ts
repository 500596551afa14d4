import { Interface } from 'ethers'
import { expect, test } from 'vitest'
import { ARTIFACTS, type ArtifactName } from '../../../../contracts/deployment'
import { knownTopics, readEvent } from './event-rules'

const names = Object.keys(ARTIFACTS) as ArtifactName[]

test.each(names)('every event of %s is understood, and no other is expected of it', (name) => {
  const topics: string[] = []
  new Interface(ARTIFACTS[name].abi).forEachEvent(({ topicHash }) => void topics.push(topicHash))
  expect(knownTopics(name).sort()).toEqual(topics.sort())
})

test('each rule names arguments that its event has', () => {
  for (const name of names) {
    const abi = new Interface(ARTIFACTS[name].abi)
    abi.forEachEvent((event) => {
      const zero = abi.encodeEventLog(
        event,
        event.inputs.map(({ type }) => zeroOf(type)),
      )
      const read = readEvent(name, zero.topics, zero.data)
      const { parties = {}, amount, content = [] } = read!.rule
      const args = event.inputs.map((input) => input.name)
      expect(args).toEqual(expect.arrayContaining([...Object.keys(parties), ...content, ...(amount ? [amount] : [])]))
    })
  }
})

function zeroOf(type: string): unknown {
  if (type.endsWith('[]')) return []
  if (type === 'address') return `0x${'00'.repeat(20)}`
  if (type === 'bytes32') return `0x${'00'.repeat(32)}`
  return type === 'string' ? '' : 0
}
