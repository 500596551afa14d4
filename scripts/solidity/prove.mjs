/**
 * Proves the assertions of contracts/test/smt with solc's SMTChecker. Run as a process of its own: Z3 inside the
 * compiler keeps its memory. Prints one JSON object {proved, unproved: [text]}.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, readSources } from './compile.mjs'

const path = 'contracts/test/smt/SharesProof.sol'
const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const { errors = [] } = compile(
  { 'contracts/src/Shares.sol': readSources()['contracts/src/Shares.sol'], [path]: text },
  {
    outputs: [],
    settings: {
      modelChecker: {
        engine: 'chc', // bmc knows no invariants; a timeout must not be set: it needs threads
        targets: ['assert', 'overflow', 'underflow', 'divByZero'],
        contracts: { [path]: ['SharesProof'] },
        showProvedSafe: true,
        showUnproved: true,
        solvers: ['z3'],
      },
    },
  },
)
const about = (pattern) => errors.map(({ formattedMessage: line }) => line).filter((line) => pattern.test(line))
console.log(
  JSON.stringify({
    proved: about(/check is safe|proved safe/i),
    unproved: about(/happens here|might happen|unproved|could not|not supported/i),
    all: errors.map(({ errorCode, message }) => [errorCode, message]),
  }),
)
