/**
 * A reader for ordinary zip files, so that no unzip tool is needed on the machine.
 * Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
 * Not supported, and refused: zip64, encryption, methods other than stored and deflate, archives in several parts.
 */
import { mkdir, open, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

const inflate = promisify(inflateRaw)

const END = { signature: 0x06054b50, size: 22, maxComment: 0xffff }
const CENTRAL = { signature: 0x02014b50, size: 46 }
const LOCAL = { signature: 0x04034b50, size: 30 }
const ZIP64_MARK = 0xffffffff
const STORED = 0
const DEFLATED = 8
const TYPE_MASK = 0o170000
const TYPE_LINK = 0o120000

/**
 * Extracts the wanted members of a zip file.
 * @param {string} file path of the zip file
 * @param {string} into folder to write to; made when missing
 * @param {(name: string) => string | undefined} target maps a member's name to a path inside `into`, or undefined to leave it out
 * @returns {Promise<number>} how many files were written
 * @throws {Error} when the archive is damaged or uses something that is not supported, or a member would land outside `into`
 */
export async function extractZip(file, into, target) {
  const handle = await open(file)
  try {
    let written = 0
    for (const member of await readDirectory(handle)) {
      const wanted = member.name.endsWith('/') ? undefined : target(member.name)
      if (wanted === undefined) continue
      const path = join(into, wanted)
      if (!path.startsWith(join(into, sep))) throw new Error(`${file}: member ${member.name} lies outside the folder`)
      const data = await readMember(handle, member)
      await mkdir(dirname(path), { recursive: true })
      if ((member.mode & TYPE_MASK) === TYPE_LINK) await symlink(data.toString('utf8'), path)
      else await writeFile(path, data, { mode: member.mode & 0o777 || 0o644 })
      written++
    }
    return written
  } finally {
    await handle.close()
  }
}

async function readDirectory(handle) {
  const { size } = await handle.stat()
  const tail = await readAt(
    handle,
    Math.max(0, size - END.size - END.maxComment),
    Math.min(size, END.size + END.maxComment),
  )
  let end = tail.length - END.size
  while (end >= 0 && tail.readUInt32LE(end) !== END.signature) end--
  if (end < 0) throw new Error('Not a zip file: it has no end record')
  const count = tail.readUInt16LE(end + 10)
  const bytes = tail.readUInt32LE(end + 12)
  const offset = tail.readUInt32LE(end + 16)
  if (count === 0xffff || bytes === ZIP64_MARK || offset === ZIP64_MARK) throw new Error('Zip64 is not supported')

  const directory = await readAt(handle, offset, bytes)
  const members = []
  for (let at = 0, n = 0; n < count; n++) {
    if (directory.readUInt32LE(at) !== CENTRAL.signature) throw new Error('The zip directory is damaged')
    const nameLength = directory.readUInt16LE(at + 28)
    members.push({
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16, // upper half of the external attributes: the Unix mode
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + CENTRAL.size, at + CENTRAL.size + nameLength),
    })
    at += CENTRAL.size + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return members
}

async function readMember(handle, member) {
  if (member.flags & 1) throw new Error(`Member ${member.name} is encrypted`)
  const header = await readAt(handle, member.offset, LOCAL.size)
  if (header.readUInt32LE(0) !== LOCAL.signature) throw new Error(`The header of ${member.name} is damaged`)
  // The local name and extra field may differ in length from those of the directory, so the data offset comes from here.
  const start = member.offset + LOCAL.size + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = await readAt(handle, start, member.packedSize)
  if (member.method !== STORED && member.method !== DEFLATED) {
    throw new Error(`Member ${member.name} uses compression method ${member.method}`)
  }
  const data = member.method === STORED ? packed : await inflate(packed)
  if (data.length !== member.size) throw new Error(`Member ${member.name} has ${data.length} bytes, not ${member.size}`)
  return data
}

async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done)
    if (bytesRead === 0) throw new Error('The zip file ends too early')
    done += bytesRead
  }
  return buffer
}
