import { StudioError } from '../errors'

/** Boxes of ISO/IEC 14496-12: `size32 type32 ...`. A damaged stream is a StudioError `bad-stream`. */
export function bad(what: string): StudioError {
  return new StudioError('bad-stream', `The encoded stream is damaged: ${what}. Stop and start again.`)
}

/** One behind the other. */
export function join(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function typeOf(box: Uint8Array): string {
  return String.fromCharCode(box[4]!, box[5]!, box[6]!, box[7]!)
}

/** The boxes inside `bytes` from `offset` on. */
export function children(bytes: Uint8Array, offset: number): Uint8Array[] {
  const boxes: Uint8Array[] = []
  let at = offset
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw bad('a box is cut off')
    const size = view(bytes).getUint32(at)
    if (size < 8 || at + size > bytes.length) throw bad('a box is larger than the one around it')
    boxes.push(bytes.subarray(at, at + size))
    at += size
  }
  return boxes
}

/** The box at a path of types below `box`; at least `least` bytes long. */
export function need(box: Uint8Array, path: string, least = 16): Uint8Array {
  let found = box
  for (const type of path.split('/')) {
    const child = children(found, 8).find((candidate) => typeOf(candidate) === type)
    if (!child) throw bad(`${type} is missing`)
    found = child
  }
  if (found.length < least) throw bad(`${path} is too short`)
  return found
}

/** A box around its parts. */
export function box(type: string, ...parts: Uint8Array[]): Uint8Array {
  const bytes = join([new Uint8Array(8), ...parts])
  view(bytes).setUint32(0, bytes.length)
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i)
  return bytes
}

/** A box with version and flags. */
export function full(type: string, version: number, flags: number, ...parts: Uint8Array[]): Uint8Array {
  return box(type, u32(((version << 24) | flags) >>> 0), ...parts)
}

/** Big-endian numbers, 16 bits each. */
export function u16(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2)
  values.forEach((value, i) => view(bytes).setUint16(i * 2, value))
  return bytes
}

/** Big-endian numbers, 32 bits each. */
export function u32(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  values.forEach((value, i) => view(bytes).setUint32(i * 4, value))
  return bytes
}

/** A big-endian number of 64 bits. */
export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  view(bytes).setBigUint64(0, BigInt(value))
  return bytes
}
