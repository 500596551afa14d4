import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '@shared/errors'
import { bakeCube, cubeMap, type Cube } from './cube'
import { formatCube, parseCube, readCube } from './cube-file'
import { cubePath, importCube } from './import-cube'
import { OWN_LOOK_MAPS } from './own-looks'

const IDENTITY_2 = ['0 0 0', '1 0 0', '0 1 0', '1 1 0', '0 0 1', '1 0 1', '0 1 1', '1 1 1']

function map(cube: Cube, ...colour: number[]): number[] {
  const inPlace = Float64Array.from(colour)
  cubeMap(cube)(inPlace)
  return [...inPlace]
}

function refusal(text: string): string {
  try {
    parseCube(text, 'x.cube')
  } catch (error) {
    if (error instanceof StudioError && error.code === 'bad-cube') return error.message
    throw error
  }
  throw new Error('was taken')
}

describe('parseCube', () => {
  it('takes comments, blank lines, a byte order mark and every kind of line end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['# made by hand', 'TITLE "A # name"', '', 'LUT_3D_SIZE 2', ...IDENTITY_2, '# the end', ''].join(end)
      const cube = parseCube('\uFEFF' + text)
      expect(cube).toMatchObject({ kind: '3d', size: 2, title: 'A # name', domainMin: [0, 0, 0], domainMax: [1, 1, 1] })
      expect(map(cube, 0.25, 0.5, 0.75)).toEqual([0.25, 0.5, 0.75])
    }
  })

  it('has red run fastest, and honours the domain', () => {
    const rows = IDENTITY_2.map((row) => row.split(' ').reverse().join(' ')) // red and blue change places
    const cube = parseCube(
      ['DOMAIN_MIN 0 0 0', 'DOMAIN_MAX 2 2 2', 'LUT_3D_SIZE 2', ...rows.map((row) => ` ${row}\t`)].join('\n'),
    )
    expect(map(cube, 1, 0, 0)).toEqual([0, 0, 0.5])
    expect(map(cube, 5, 0, -1)).toEqual([0, 0, 1])
  })

  it('reads curves and the range of DaVinci Resolve', () => {
    const cube = parseCube('LUT_1D_SIZE 3\nLUT_1D_INPUT_RANGE 0 1\n0 0 1\n.25 .5 .5\n1 1 0\n')
    expect(map(cube, 0.25, 0.25, 0.25)).toEqual([0.125, 0.25, 0.75])
    expect(map(cube, 1, 1, 1)).toEqual([1, 1, 0])
  })

  it('says what is wrong and where', () => {
    const table = `LUT_3D_SIZE 2\n${IDENTITY_2.join('\n')}\n`
    expect(refusal('')).toContain('no numbers')
    expect(refusal('hello')).toContain('line 1: unknown word "hello"')
    expect(refusal('0 0 0')).toContain('must come before')
    expect(refusal('LUT_3D_SIZE 1\n')).toContain('2 to 65')
    expect(refusal('LUT_3D_SIZE 66\n')).toContain('2 to 65')
    expect(refusal('LUT_3D_SIZE 1e3\n')).toContain('2 to 65')
    expect(refusal(`LUT_1D_SIZE 2\n${table}`)).toContain('only one')
    expect(refusal(table + '1 1 1')).toContain('line 10: more than 8')
    expect(refusal(table.replace('1 1 1\n', ''))).toContain('7 lines of numbers where 8')
    expect(refusal(table.replace('0 1 1', '0 nan 1'))).toContain('line 8: no number: "nan"')
    expect(refusal(table.replace('0 1 1', '0 1'))).toContain('line 8: three numbers')
    expect(refusal(table.replace('0 1 1', '0 1e99 1'))).toContain('no number')
    expect(refusal(`${table}TITLE "late"`)).toContain('line 10: words after')
    expect(refusal(`DOMAIN_MIN 1 1 1\n${table}`)).toContain('range is empty')
    expect(refusal(`DOMAIN_MAX 1 1\n${table}`)).toContain('3 numbers')
    expect(refusal(`TITLE none\n${table}`)).toContain('in quotes')
  })

  it('gives a table or a refusal in words for 500 damaged files', () => {
    const good = formatCube(bakeCube(OWN_LOOK_MAPS.film, 5, 'Film'))
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
      return Math.floor((seed / 0x80000000) * below)
    }
    const junk = [
      '',
      '\n',
      ' ',
      '-',
      '1e999',
      'NaN',
      '\0',
      'LUT_3D_SIZE 3\n',
      '"',
      '9'.repeat(400),
      '\uFEFF',
      '# ',
      '\r',
    ]
    let taken = 0
    for (let round = 0; round < 500; round++) {
      let text = good
      for (let change = random(4); change >= 0; change--) {
        const at = random(text.length)
        text = text.slice(0, at) + junk[random(junk.length)]! + text.slice(at + random(round % 5 === 0 ? 400 : 3))
      }
      try {
        const cube = parseCube(text)
        taken++
        for (const value of map(cube, 0.3, 0.6, 0.9)) expect(Number.isFinite(value)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(StudioError)
      }
    }
    expect(taken).toBeGreaterThan(5)
    expect(taken).toBeLessThan(450)
  })

  it('reads back what formatCube wrote', () => {
    const cube = bakeCube(OWN_LOOK_MAPS.teal, 9, 'Teal')
    const back = parseCube(formatCube(cube))
    expect(back).toMatchObject({ kind: '3d', size: 9, title: 'Teal' })
    for (let at = 0; at < cube.data.length; at++) expect(back.data[at]).toBeCloseTo(cube.data[at]!, 6)
  })
})

describe('the table between its entries', () => {
  it('is exact for maps that are linear, and keeps greys grey', () => {
    const cube = bakeCube((colour) => {
      const [r, g, b] = [colour[0]!, colour[1]!, colour[2]!]
      colour.set([0.5 * r + 0.25 * g, 0.5 * g + 0.25 * b, 0.5 * b + 0.25 * r])
    }, 7)
    for (const [r, g, b] of [[0.1, 0.2, 0.9] as const, [0.99, 0.4, 0.41] as const, [0.3, 0.8, 0.5] as const]) {
      const [x, y, z] = map(cube, r, g, b)
      expect(x).toBeCloseTo(0.5 * r + 0.25 * g, 6)
      expect(y).toBeCloseTo(0.5 * g + 0.25 * b, 6)
      expect(z).toBeCloseTo(0.5 * b + 0.25 * r, 6)
    }
    const grey = map(bakeCube(OWN_LOOK_MAPS.noir, 5), 0.37, 0.37, 0.37)
    expect(new Set(grey.map((value) => value.toFixed(9))).size).toBe(1)
  })
})

describe('files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'we-cube-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('are copied whole into a folder, or not at all', async () => {
    const from = join(folder, 'My look.cube')
    const looks = join(folder, 'looks')
    await writeFile(from, formatCube(bakeCube(OWN_LOOK_MAPS.rose, 5)))
    const { id, name } = await importCube(from, looks)
    expect(name).toBe('My look')
    await rm(from)
    expect((await readCube(cubePath(looks, id))).size).toBe(5)
    await writeFile(from, 'no table')
    await expect(importCube(from, looks)).rejects.toMatchObject({ code: 'bad-cube' })
    expect(await readdir(looks)).toEqual([`${id}.cube`])
  })

  it('that are missing, folders or far too large are refused', async () => {
    await expect(readCube(join(folder, 'none.cube'))).rejects.toMatchObject({ code: 'cube-missing' })
    await expect(readCube(folder)).rejects.toMatchObject({ code: 'cube-unreadable' })
    const large = join(folder, 'large.cube')
    await writeFile(large, Buffer.alloc(25 * 1024 * 1024, '#'))
    await expect(readCube(large)).rejects.toMatchObject({ code: 'cube-too-large' })
  })
})
