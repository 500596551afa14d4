import { MeshFault } from './byte-reader'
import type { Chunk } from './chunk-assembler'
import { decodeItems, type MeshItem } from './mesh-item'

/** A whole batch; 2 s at 30 Mbit/s. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024

/** Turns chunks in their order into items. A hole costs the batch it lies in. */
export class BatchReader {
  #parts: Uint8Array[] = []
  #bytes = 0
  #open = false

  /** The chunks before the next one are missing: what was begun is dropped. */
  gap(): void {
    this.#parts = []
    this.#bytes = 0
    this.#open = false
  }

  /** Items that this chunk completes. Throws MeshFault for bytes that only a broken broadcaster can have signed. */
  push(chunk: Chunk): MeshItem[] {
    if (chunk.start) {
      this.gap()
      this.#open = true
    }
    if (!this.#open) return []
    this.#parts.push(chunk.bytes)
    this.#bytes += chunk.bytes.length
    if (this.#bytes > MAX_BATCH_BYTES) throw new MeshFault('malformed', 'a batch without end')
    if (!chunk.end) return []
    const items = decodeItems(this.#parts.length === 1 ? chunk.bytes : joined(this.#parts, this.#bytes))
    this.gap()
    return items
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
