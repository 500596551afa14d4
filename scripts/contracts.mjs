/** `npm run contracts`: compiles contracts/src and writes contracts/artifacts; they are committed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildArtifacts } from './solidity/artifact.mjs'

const folder = fileURLToPath(new URL('../contracts/artifacts/', import.meta.url))
const { artifacts, warnings } = buildArtifacts()
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(artifacts)) {
  writeFileSync(`${folder}${name}.json`, text)
  const { deployedBytecode } = JSON.parse(text)
  console.log(`${name.padEnd(18)} ${String(deployedBytecode.length / 2 - 1).padStart(6)} bytes`)
}
for (const warning of warnings) console.warn(warning)
