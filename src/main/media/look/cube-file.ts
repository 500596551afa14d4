import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '@shared/errors'
import { CUBE_SIZES, type Cube } from './cube'

/** A 65³ table with 12 characters a number takes 10 MB. */
const MOST_BYTES = 24 * 1024 * 1024
/** The specification's own limit. */
const MOST_CURVE_ENTRIES = 65_536
/** Beyond it a value is a mistake, not a colour. */
const LARGEST_VALUE = 65_536

/**
 * Reads a .cube file.
 * @throws StudioError `cube-missing`, `cube-unreadable`, `cube-too-large`, and as `parseCube`
 */
export async function readCube(path: string): Promise<Cube> {
  let text: string
  try {
    const info = await stat(path)
    // A device has no size and no end.
    if (!info.isFile()) throw new Error('no file')
    if (info.size > MOST_BYTES)
      throw new StudioError('cube-too-large', `"${basename(path)}" is too large to be a colour table. Choose another.`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof StudioError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new StudioError('cube-missing', `There is no file "${path}". Check the name and the folder.`)
    throw new StudioError('cube-unreadable', `"${path}" cannot be read. Check that it is a file you may open.`, {
      cause: error,
    })
  }
  return parseCube(text, basename(path))
}

/**
 * Parses the text of a .cube file (Adobe Cube LUT Specification 1.0, and DaVinci Resolve's `LUT_3D_INPUT_RANGE`):
 * one table, `LUT_3D_SIZE` 2 to 65 or `LUT_1D_SIZE` 2 to 65536, exactly as many lines of three numbers as it says.
 * Comments, empty lines, any line ends and a byte order mark are taken; unknown words are not.
 * @param name for the sentences of errors
 * @throws StudioError `bad-cube` with the line and what is wrong there
 */
export function parseCube(text: string, name = 'The file'): Cube {
  const refuse = (what: string, line?: number): never => {
    const where = line === undefined ? '' : `line ${line}: `
    throw new StudioError(
      'bad-cube',
      `"${name}" is not a colour table that can be used (${where}${what}). Choose another .cube file.`,
    )
  }
  const head = new CubeHead(refuse)
  let data: Float32Array | null = null
  let filled = 0
  let number = 0
  for (const line of linesOf(text)) {
    number++
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    if (!/^[-+.\d]/.test(trimmed)) {
      if (data) refuse(`words after the numbers: ${shown(trimmed)}`, number)
      head.take(trimmed, number)
      continue
    }
    data ??= new Float32Array(head.entries(number) * 3)
    if (filled >= data.length) refuse(`more than ${data.length / 3} lines of numbers`, number)
    const parts = trimmed.split(/\s+/)
    if (parts.length !== 3) refuse(`three numbers are needed: ${shown(trimmed)}`, number)
    for (const part of parts) data[filled++] = toNumber(part) ?? refuse(`no number: ${shown(part)}`, number)
  }
  if (!data) return refuse('there are no numbers in it')
  if (filled < data.length) refuse(`${filled / 3} lines of numbers where ${data.length / 3} are needed`)
  return { ...head.finish(), data }
}

/** The table as the text of a .cube file; `parseCube` reads it back. */
export function formatCube({ kind, title, size, domainMin, domainMax, data }: Cube): string {
  const lines = [
    ...(title === '' ? [] : [`TITLE "${title.replaceAll('"', "'")}"`]),
    `LUT_${kind.toUpperCase()}_SIZE ${size}`,
    `DOMAIN_MIN ${domainMin.join(' ')}`,
    `DOMAIN_MAX ${domainMax.join(' ')}`,
  ]
  for (let at = 0; at < data.length; at += 3) {
    lines.push(`${data[at]!.toFixed(7)} ${data[at + 1]!.toFixed(7)} ${data[at + 2]!.toFixed(7)}`)
  }
  return lines.join('\n') + '\n'
}

type Triple = [number, number, number]

/** The words in front of the numbers. */
class CubeHead {
  private kind: Cube['kind'] | null = null
  private size = 0
  private title: string | null = null
  private min: Triple | null = null
  private max: Triple | null = null

  constructor(private readonly refuse: (what: string, line?: number) => never) {}

  take(line: string, number: number): void {
    const [word = '', ...rest] = line.split(/\s+/)
    switch (word) {
      case 'TITLE': {
        if (this.title !== null) this.refuse('a second TITLE', number)
        const quoted = /^TITLE\s+"([^"]*)"$/.exec(line)
        this.title = (quoted?.[1] ?? this.refuse('TITLE needs a name in quotes', number)).slice(0, 80)
        return
      }
      case 'LUT_3D_SIZE':
        this.takeSize('3d', rest, CUBE_SIZES.least, CUBE_SIZES.most, number)
        return
      case 'LUT_1D_SIZE':
        this.takeSize('1d', rest, 2, MOST_CURVE_ENTRIES, number)
        return
      case 'DOMAIN_MIN':
        if (this.min) this.refuse('a second DOMAIN_MIN', number)
        this.min = this.numbers(rest, 3, number) as Triple
        return
      case 'DOMAIN_MAX':
        if (this.max) this.refuse('a second DOMAIN_MAX', number)
        this.max = this.numbers(rest, 3, number) as Triple
        return
      case 'LUT_3D_INPUT_RANGE':
      case 'LUT_1D_INPUT_RANGE': {
        if (this.min || this.max) this.refuse('a second range', number)
        const [low, high] = this.numbers(rest, 2, number) as [number, number]
        this.min = [low, low, low]
        this.max = [high, high, high]
        return
      }
      default:
        this.refuse(`unknown word ${shown(word)}`, number)
    }
  }

  /** How many triples follow. */
  entries(number: number): number {
    if (!this.kind) this.refuse('the size (LUT_3D_SIZE) must come before the numbers', number)
    return this.kind === '3d' ? this.size ** 3 : this.size
  }

  finish(): Omit<Cube, 'data'> {
    const domainMin = this.min ?? [0, 0, 0]
    const domainMax = this.max ?? [1, 1, 1]
    if (domainMin.some((low, channel) => low >= domainMax[channel]!)) this.refuse('its range is empty')
    return { kind: this.kind!, title: this.title ?? '', size: this.size, domainMin, domainMax }
  }

  private takeSize(kind: Cube['kind'], rest: string[], least: number, most: number, number: number): void {
    if (this.kind) this.refuse('a second table; only one is read', number)
    const [text = '', ...more] = rest
    const size = /^\d{1,6}$/.test(text) && more.length === 0 ? Number(text) : NaN
    if (!(size >= least && size <= most)) this.refuse(`the size must be ${least} to ${most}`, number)
    this.kind = kind
    this.size = size
  }

  private numbers(rest: string[], count: number, line: number): number[] {
    if (rest.length !== count) this.refuse(`${count} numbers are needed`, line)
    return rest.map((part) => toNumber(part) ?? this.refuse(`no number: ${shown(part)}`, line))
  }
}

/** Without making a million strings at once; a lone CR ends a line as well. */
function* linesOf(text: string): Generator<string> {
  const ends = /\r\n?|\n/g
  let from = text.startsWith('\uFEFF') ? 1 : 0
  for (let end = ends.exec(text); end; end = ends.exec(text)) {
    yield text.slice(from, end.index)
    from = ends.lastIndex
  }
  if (from < text.length) yield text.slice(from)
}

function toNumber(text: string): number | null {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return null
  const value = Number(text)
  return Math.abs(value) <= LARGEST_VALUE ? value : null
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 24))
}
