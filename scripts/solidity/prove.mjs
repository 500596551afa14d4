/**
 * Proves the assertions of contracts/test/smt with solc's SMTChecker. Run as a process of its own: Z3 inside the
 * compiler keeps its memory. Prints one JSON object {statements, proved: [text], unproved: [text]}.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, readSources } from './compile.mjs'

const path = 'contracts/test/smt/SharesProof.sol'
const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const shares = readSources()['contracts/src/Shares.sol']

// One statement at a time: all at once takes Z3 twice as long.
const head = text.slice(0, text.indexOf('    ///'))
const statements = [...text.matchAll(/^ {4}function [\s\S]*?^ {4}}$/gm)].map(([statement]) => statement)
const messages = statements.flatMap((statement) => {
  const { errors = [] } = compile(
    { 'contracts/src/Shares.sol': shares, [path]: `${head}${statement}\n}\n` },
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
  return errors
})

const SAFE = '9576'
const wordsOf = ({ formattedMessage }) => formattedMessage
console.log(
  JSON.stringify({
    statements: statements.length,
    proved: messages.filter(({ errorCode }) => errorCode === SAFE).map(wordsOf),
    // Whatever else the checker has to say means that something is not proved.
    unproved: messages.filter(({ errorCode }) => errorCode !== SAFE).map(wordsOf),
  }),
)
