import { describe, expect, test } from 'vitest'
import { BODY_SCHEMAS, bodySchema } from './body-schema'
import { formatSubject, parseSubject } from './subject'

const ID = `bafyrei${'a'.repeat(52)}`
const ACCOUNT = `0x${'1b'.repeat(20)}`
const CHANNEL = `chan:${ACCOUNT}/cooking`
const comment = { s: ID, text: '好看 👍🏽', facets: [] }
const refuses = (kind: string, body: unknown): boolean => bodySchema(kind)?.safeParse(body).success === false

describe('what an entry may say', () => {
  test('a comment in any script is taken as it was written', () => {
    expect(bodySchema('comment')?.parse(comment)).toEqual(comment)
    expect(bodySchema('comment')?.parse({ ...comment, text: 'ok\nשלום, مرحبا' })).toBeTruthy()
  })

  test('what is not in the schema, too long, of a wrong shape or hidden in controls is refused', () => {
    expect(refuses('comment', { ...comment, extra: 1 })).toBe(true)
    expect(refuses('comment', { ...comment, text: 'a'.repeat(4_001) })).toBe(true)
    expect(refuses('comment', { ...comment, text: ' \n ' })).toBe(true)
    expect(refuses('comment', { ...comment, text: 'a\u0000b' })).toBe(true)
    expect(refuses('comment', { ...comment, text: 'a\ud800b' })).toBe(true)
    expect(refuses('comment', { ...comment, text: 'abc\u202egpj.exe' })).toBe(true)
    expect(refuses('comment', { ...comment, parent: ID })).toBe(true)
    expect(refuses('like', { s: 'acct:0xNOT' })).toBe(true)
    expect(refuses('follow', { s: ID })).toBe(true)
    expect(refuses('list', { purpose: 'block', title: 'x', desc: '', items: Array(401).fill({ s: CHANNEL }) })).toBe(
      true,
    )
  })

  test('a kind of a later version has no schema, and names of object members are no kinds', () => {
    expect(bodySchema('hologram')).toBeUndefined()
    expect(bodySchema('constructor')).toBeUndefined()
    expect(bodySchema('__proto__')).toBeUndefined()
  })

  test('no schema takes what is no map', () => {
    for (const schema of Object.values(BODY_SCHEMAS)) {
      for (const body of [null, 1, 'text', [], new Map()]) expect(schema.safeParse(body).success).toBe(false)
    }
  })
})

describe('subjects', () => {
  test('each form is read and written back', () => {
    for (const text of [ID, `acct:${ACCOUNT}`, CHANNEL, `ipfs:b${'a'.repeat(58)}`]) {
      const subject = parseSubject(text)
      expect(subject).not.toBeNull()
      expect(formatSubject(subject!)).toBe(text)
    }
  })

  test('two spellings of one subject are not both taken', () => {
    expect(parseSubject(`acct:${ACCOUNT.toUpperCase()}`)).toBeNull()
    expect(parseSubject(`chan:${ACCOUNT}/Cooking`)).toBeNull()
    expect(parseSubject(`chan:${ACCOUNT}/-a`)).toBeNull()
    expect(parseSubject(`${ID} `)).toBeNull()
    expect(parseSubject('')).toBeNull()
  })
})
