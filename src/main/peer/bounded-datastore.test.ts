import { Key } from 'interface-datastore'
import { expect, it } from 'vitest'
import { BoundedDatastore } from './bounded-datastore'

const key = (at: number): Key => new Key(`/peers/${at}`)

it('who was met a thousand names ago is forgotten, who is asked after stays, and nobody tells more of itself than it may', () => {
  const met = new BoundedDatastore(10, 1_000, 200)
  for (let at = 0; at < 1_000; at++) {
    met.put(key(at), new Uint8Array(50))
    met.get(key(0))
  }
  expect(met.entries).toBe(10)
  expect([0, 990, 991, 999].map((at) => met.has(key(at)))).toEqual([true, false, true, true])
  for (let at = 0; at < 10; at++) met.put(key(at), new Uint8Array(200))
  expect(met.entries).toBe(5)
  expect(() => met.put(key(1), new Uint8Array(201))).toThrow(RangeError)
  met.delete(key(9))
  expect(met.entries).toBe(4)
  expect(met.has(key(9))).toBe(false)
})
