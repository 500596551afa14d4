import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { deviceX25519, x25519Public } from '../../platform/device-x25519'
import { openBox, sealBox } from './sealed-box'

const device = (n: number) => deviceX25519(new Uint8Array(32).fill(n))

test('a report is read by each device of whom it is for and by nobody else, and only as it was sent', () => {
  const [phone, desk, stranger] = [device(1), device(2), device(3)]
  const text = JSON.stringify({ reason: 'spam', text: '又发广告 📣' })
  const sealed = sealBox(text, [phone, desk].map(x25519Public), 'from ann')
  expect(openBox(sealed, phone, 'from ann')).toBe(text)
  expect(openBox(sealed, desk, 'from ann')).toBe(text)
  expect(openBox(sealed, stranger, 'from ann')).toBeNull()
  expect(openBox(sealed, phone, 'from bob')).toBeNull() // handed on as one's own
  for (let at = 0; at < sealed.length; at += 7) {
    const changed = Uint8Array.from(sealed)
    changed[at]! ^= 1
    // a slot of the other device may be broken: what is inside is bound to all of the front
    expect(openBox(changed, phone, 'from ann')).toBeNull()
    expect(openBox(sealed.subarray(0, at), phone, 'from ann')).toBeNull()
  }
  expect(sealBox('a', [x25519Public(phone)], '').length).toBe(sealBox('a longer one', [x25519Public(phone)], '').length)
  expect(() => sealBox(text, [new Uint8Array(32)], '')).toThrow() // a key that gives everybody the same secret
  expect(x25519Public(generateKeyPairSync('x25519').privateKey)).toHaveLength(32)
})
