import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildArtifacts } from '../../scripts/solidity/artifact.mjs'
import { ContractName } from '../../src/shared/money/contract-name'
import { ARTIFACTS } from '../deployment'

const folder = fileURLToPath(new URL('../artifacts/', import.meta.url))

it('the committed artifacts are what the pinned compiler makes of the sources, byte for byte', () => {
  const { artifacts, warnings } = buildArtifacts()
  expect(warnings).toEqual([])
  const committed = Object.fromEntries(
    readdirSync(folder).map((file) => [file.replace('.json', ''), readFileSync(folder + file, 'utf8')]),
  )
  expect(Object.keys(committed).sort()).toEqual(Object.keys(artifacts).sort())
  for (const [name, text] of Object.entries(artifacts)) {
    expect(committed[name] === text, `${name}: run npm run contracts`).toBe(true)
  }
})

it('every contract of the product is among them', () => {
  expect(Object.keys(ARTIFACTS)).toEqual(expect.arrayContaining(ContractName.options))
})

it('no contract is near the size limit of a network (24,576 bytes, EIP-170)', () => {
  for (const { deployedBytecode } of Object.values(ARTIFACTS)) {
    expect(deployedBytecode.length / 2 - 1).toBeLessThan(16_000)
  }
})
