/** A contract with one small mistake in it. */
export interface Mutant {
  readonly contract: string
  readonly source: string
  /** Place and change, for people. */
  readonly words: string
}

/** Mistakes that people make; each pattern is replaced at every place where it stands. */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/ == /g, ' != '],
  [/ != /g, ' == '],
  [/ < /g, ' <= '],
  [/ > /g, ' >= '],
  [/ <= /g, ' < '],
  [/ >= /g, ' > '],
  [/ < /g, ' > '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/ \* /g, ' + '],
  [/ \/ /g, ' * '],
  [/ \+= /g, ' -= '],
  [/ -= /g, ' += '],
  [/ (\+=|-=) /g, ' = '],
  [/ << /g, ' >> '],
  [/ >> /g, ' << '],
  [/ onlyOwner\b/g, ''],
  [/ whenOpen\b/g, ''],
  [/\bif \((?=.*\brevert )/g, 'if (false && '],
  [/^( +)(emit |token\.|delete |_owe\(|owed\[|_accounts\[|line\[|livePackets|mstore)/gm, '$1// $2'],
  [/\b(\d+) (days|hours)\b/g, '$1 minutes'],
  [/\breturn 0;/g, 'return 1;'],
]

/** Every single change of a source by one operator; comments, imports and constants' names stay as they are. */
export function mutantsOf(contract: string, source: string): Mutant[] {
  const code = blankComments(source)
  return OPERATORS.flatMap(([pattern, to]) =>
    [...code.matchAll(pattern)].map((match) => {
      const from = match[0]
      const changed = from.replace(new RegExp(pattern.source, pattern.flags.replace('g', '')), to)
      const replaced = changed === from ? to : changed
      const line = code.slice(0, match.index).split('\n').length
      return {
        contract,
        source: source.slice(0, match.index) + replaced + source.slice(match.index + from.length),
        words: `${contract}.sol:${line}: ${JSON.stringify(from.trim())} -> ${JSON.stringify(replaced.trim())}: ${(code.split('\n')[line - 1] ?? '').trim()}`,
      }
    }),
  )
}

/** The same text with comments and imports as blanks, so that places stay the same. */
function blankComments(source: string): string {
  return source.replace(/\/\/.*|\/\*[\s\S]*?\*\/|^import .*$|^pragma .*$/gm, (text) => text.replace(/[^\n]/g, ' '))
}
