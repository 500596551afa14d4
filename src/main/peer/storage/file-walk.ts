import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import { RAW_CODEC } from '@shared/live/content-cid'
import { decodeFileNode, MAX_DEPTH } from './file-node'

/** Looks a verified block up; `size`: its exact bytes where the parent says so. */
export type GetBlock = (cid: CID, size: number | null) => Promise<Uint8Array>

/** A stretch of the file: the bytes `from` to `to` (exclusive) of it, which begin at `offset` of the whole. */
export interface FilePart {
  cid: CID
  offset: number
  size: number
}

/** Bytes of the whole file. */
export async function fileSize(root: CID, get: GetBlock): Promise<number> {
  const node = decodeFileNode(root, await get(root, null))
  return node.kind === 'leaf' ? node.bytes.length : node.size
}

/**
 * The leaves that hold bytes `start` to `end` (exclusive), in order; only the branches above them are looked up. A child
 * that holds other than its parent says throws StudioError `not-a-file`.
 */
export async function* fileParts(root: CID, get: GetBlock, start: number, end: number): AsyncGenerator<FilePart> {
  const node = decodeFileNode(root, await get(root, null))
  if (node.kind === 'leaf') {
    if (start < node.bytes.length) yield { cid: root, offset: 0, size: node.bytes.length }
    return
  }
  yield* below(node.children, 0, 1)

  async function* below(
    children: { cid: CID; size: number }[],
    offset: number,
    depth: number,
  ): AsyncGenerator<FilePart> {
    if (depth > MAX_DEPTH) throw new StudioError('not-a-file', 'This file is nested too deeply to be opened.')
    for (const { cid, size } of children) {
      const at = offset
      offset += size
      if (offset <= start || size === 0) continue
      if (at >= end) return
      if (cid.code === RAW_CODEC) {
        yield { cid, offset: at, size }
        continue
      }
      const child = decodeFileNode(cid, await get(cid, null))
      if ((child.kind === 'leaf' ? child.bytes.length : child.size) !== size) {
        throw new StudioError('not-a-file', 'The parts of this file contradict each other. It cannot be opened.')
      }
      if (child.kind === 'leaf') yield { cid, offset: at, size }
      else yield* below(child.children, at, depth + 1)
    }
  }
}

/** Every block of a file that is here, parents before children, each once. Throws what `get` throws. */
export async function* fileBlocks(root: CID, get: GetBlock): AsyncGenerator<{ cid: CID; bytes: Uint8Array }> {
  const seen = new Set<string>()
  yield* walk(root, null, 0)

  async function* walk(cid: CID, size: number | null, depth: number): AsyncGenerator<{ cid: CID; bytes: Uint8Array }> {
    const key = cid.toString()
    if (seen.has(key)) return
    seen.add(key)
    if (depth > MAX_DEPTH) throw new StudioError('not-a-file', 'This file is nested too deeply to be opened.')
    const bytes = await get(cid, size)
    yield { cid, bytes }
    const node = decodeFileNode(cid, bytes)
    if (node.kind === 'leaf') return
    for (const child of node.children)
      yield* walk(child.cid, child.cid.code === RAW_CODEC ? child.size : null, depth + 1)
  }
}
