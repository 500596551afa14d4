import { decode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { RAW_CODEC } from '@shared/live/content-cid'
import { StudioError } from '@shared/errors'

export const DAG_PB_CODEC = 0x70
const SHA2_256 = 0x12
/** Kubo writes 174, Filecoin 1024; more children than this fit no block of a sane writer. */
const MAX_CHILDREN = 64 * 1024
/** A file of 2^53 bytes with the fewest children is not as deep. */
export const MAX_DEPTH = 32

/** One block of a UnixFS file: bytes of the file, or where they are. */
export type FileNode =
  | { kind: 'leaf'; bytes: Uint8Array }
  /** In the order of the file; sizes are bytes of the file below each child. */
  | { kind: 'branch'; size: number; children: { cid: CID; size: number }[] }

/** True for what this node stores and fetches: raw or dag-pb by sha2-256. */
export function isFileCid(cid: CID): boolean {
  return (cid.code === RAW_CODEC || cid.code === DAG_PB_CODEC) && cid.multihash.code === SHA2_256
}

/** Parses what a person gave: a CID, or `we://ipfs/CID?captions=…#TITLE`, `ipfs://CID`, `/ipfs/CID`. Throws StudioError `bad-cid`. */
export function parseFileAddress(text: string): CID {
  const bare = text
    .trim()
    .replace(/^(we:\/\/ipfs\/|ipfs:\/\/|\/ipfs\/)/, '')
    .replace(/[?#].*$/, '')
  try {
    const cid = CID.parse(bare)
    if (isFileCid(cid)) return cid
  } catch {
    // said below
  }
  throw new StudioError(
    'bad-cid',
    `"${text.slice(0, 120)}" is not the address of a file. It looks like we://ipfs/bafybei… or bafybei…; copy it again.`,
  )
}

/**
 * The link that people pass on. The title is a courtesy: whoever passes the link on may have changed it.
 * @param query what else it says (`captionsQuery`), with its question mark
 */
export function fileUrl(cid: CID, title: string, query = ''): string {
  return `we://ipfs/${cid.toString()}${query}#${encodeURIComponent(title)}`
}

/** The title in such a link; null when there is none. */
export function titleInAddress(address: string): string | null {
  const [, text = ''] = /#(.{1,600})$/.exec(address.trim()) ?? []
  try {
    const title = decodeURIComponent(text).replace(/\p{Cc}/gu, ' ')
    return title.trim().slice(0, 120) || null
  } catch {
    return null
  }
}

/**
 * Decodes one verified block of a file (UnixFS specification: File and Raw nodes over dag-pb, raw leaves). Throws
 * StudioError `not-a-file` for folders and for blocks whose sizes contradict each other.
 */
export function decodeFileNode(cid: CID, block: Uint8Array): FileNode {
  if (cid.code === RAW_CODEC) return { kind: 'leaf', bytes: block }
  let node: ReturnType<typeof decode>
  let entry: UnixFS
  try {
    node = decode(block)
    entry = UnixFS.unmarshal(node.Data ?? new Uint8Array(0))
  } catch (error) {
    throw notAFile('It is written in a way that is not understood.', error)
  }
  if (entry.type === 'directory' || entry.type === 'hamt-sharded-directory') {
    throw notAFile('It is a folder; give the address of a file in it.')
  }
  if (entry.type !== 'file' && entry.type !== 'raw') throw notAFile('It is no file.')
  const { Links: links } = node
  if (links.length === 0) return { kind: 'leaf', bytes: entry.data ?? new Uint8Array(0) }
  if (links.length !== entry.blockSizes.length || links.length > MAX_CHILDREN || (entry.data?.length ?? 0) > 0) {
    throw notAFile('Its parts and their sizes do not fit.')
  }
  const children = links.map(({ Hash }, index) => {
    const child = CID.asCID(Hash)
    const size = Number(entry.blockSizes[index])
    if (child === null || !isFileCid(child) || !Number.isSafeInteger(size) || size < 0) {
      throw notAFile('One of its parts is not understood.')
    }
    return { cid: child, size }
  })
  const size = children.reduce((sum, child) => sum + child.size, 0)
  if (!Number.isSafeInteger(size)) throw notAFile('Its size is not possible.')
  return { kind: 'branch', size, children }
}

function notAFile(why: string, cause?: unknown): StudioError {
  return new StudioError('not-a-file', `This address is not a file that can be opened. ${why}`, { cause })
}
