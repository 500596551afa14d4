import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { CaptionFile } from '@shared/captions/caption-file'
import type { CaptionText } from '@shared/captions/caption-text'
import { CAPTION_LIMITS } from '@shared/captions/caption-cue'
import { readCaptions } from '@shared/captions/read-captions'
import { StudioError } from '@shared/errors'

/** Files of captions for one video. */
const MAX_EACH = 20
/** A letter has up to 3 bytes in UTF-8 for each of its UTF-16 units. */
const MAX_BYTES = 3 * CAPTION_LIMITS.fileLength
const KIND = /\.(vtt|srt)$/i

/**
 * Captions that belong to videos of the library, kept by CID in the profile: those that lay beside a file when it was
 * published, and those that the person has chosen for it. Only files that can be read as captions get here.
 */
export class CaptionShelf {
  constructor(private readonly folder: string) {}

  /**
   * Keeps a file of captions; in the place of one of the same name.
   * @param cid null: only reads it
   * @throws StudioError `not-captions`
   */
  async take(cid: string | null, path: string): Promise<CaptionFile> {
    const text = await readText(path)
    const captions = describe(basename(path), text)
    if (cid === null) return captions
    const folder = join(this.folder, cid)
    await mkdir(folder, { recursive: true })
    const names = await namesIn(folder)
    const name = basename(path).slice(-120)
    if (names.length >= MAX_EACH && !names.includes(name)) return captions
    const beside = join(folder, `${name}.part`)
    await writeFile(beside, text)
    await rename(beside, join(folder, name))
    return captions
  }

  /** Keeps what lies beside a video: `talk.vtt`, `talk.en.vtt` and `talk.de.srt` for `talk.mp4`. Returns how many. */
  async takeBeside(cid: string, videoPath: string): Promise<number> {
    const stem = `${basename(videoPath, extname(videoPath))}.`
    const names = (await namesIn(dirname(videoPath))).filter(
      (name) => name.startsWith(stem) && name.slice(stem.length).split('.').length <= 2,
    )
    let taken = 0
    for (const name of names.slice(0, MAX_EACH)) {
      const kept = await this.take(cid, join(dirname(videoPath), name)).catch(() => null)
      if (kept) taken++
    }
    return taken
  }

  /** What there is for a video; a file that has gone bad is left out. */
  async find(cid: string): Promise<CaptionFile[]> {
    const folder = join(this.folder, cid)
    const found: CaptionFile[] = []
    for (const name of (await namesIn(folder)).slice(0, MAX_EACH)) {
      const text = await readText(join(folder, name)).catch(() => null)
      if (text === null) continue
      try {
        found.push(describe(name, text))
      } catch {
        // Somebody has changed it.
      }
    }
    return found
  }

  async remove(cid: string): Promise<void> {
    await rm(join(this.folder, cid), { recursive: true, force: true })
  }
}

/** Own captions and those that came with a link; what is in both, or cannot be read, once or not at all. */
export function withCarried(own: readonly CaptionFile[], carried: readonly CaptionText[]): CaptionFile[] {
  const all = [...own]
  const known = new Set(own.map(({ cues }) => JSON.stringify(cues)))
  for (const { lang, text } of carried) {
    try {
      const { cues } = readCaptions(text)
      if (cues.length === 0 || known.has(JSON.stringify(cues))) continue
      const label = nameOfLanguage(lang)
      all.push({ label: label ?? 'Captions', language: label === null ? '' : lang, cues })
    } catch {
      // who made the link named something else
    }
  }
  return all
}

/** Names of caption files in a folder, sorted; none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => KIND.test(name)).sort()
}

async function readText(path: string): Promise<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw new StudioError('not-captions', 'This file cannot be opened. Check that it is still there.', { cause })
  })
  try {
    const { size } = await file.stat()
    if (size > MAX_BYTES) throw new StudioError('not-captions', 'This file is too large for captions.')
    const bytes = Buffer.alloc(size)
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    return new TextDecoder(encodingOf(bytes)).decode(bytes.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** WebVTT is UTF-8; SRT of old tools is what Windows wrote. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

function describe(name: string, text: string): CaptionFile {
  const { cues } = readCaptions(text)
  const stem = name.replace(KIND, '')
  const tail = /\.([a-z]{2,3}(?:-[a-z0-9]{2,8})?)$/i.exec(stem)?.[1]?.toLowerCase() ?? ''
  const language = nameOfLanguage(tail)
  return { label: language ?? stem.slice(-80), language: language === null ? '' : tail, cues }
}

/** Null for what is no language that has a name. */
function nameOfLanguage(tag: string): string | null {
  if (tag === '') return null
  try {
    const name = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(tag)
    return name === undefined || name === tag ? null : name.slice(0, 80)
  } catch {
    return null
  }
}
