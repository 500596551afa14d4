import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import { readJpegOrientation, upright } from './exif-orientation'
import { FfmpegProcess } from './ffmpeg-process'
import type { RgbImage } from './i420'

/** What decoding and encoding need from their caller. */
export interface StillContext {
  ffmpegPath: string
  /** Ends the work: ffmpeg is killed, nothing half-written stays, and the call rejects with the signal's reason. */
  signal: AbortSignal
}

/** More pixels than cameras make; a picture that claims more is refused before it fills the memory. */
const MOST_PIXELS = 120_000_000
/** Enough of a file for its signature and, in a JPEG, for the EXIF block in front of the picture. */
const HEAD_BYTES = 64 * 1024 + 512

/** Input options of ffmpeg for each format, found by signature: a wrong file name extension does not matter. */
const DECODERS: { name: string; options: string[]; matches: (head: Buffer) => boolean }[] = [
  {
    name: 'png',
    options: image2('png'),
    matches: (head) => head.subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1')),
  },
  {
    name: 'jpeg',
    options: image2('mjpeg'),
    matches: (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff,
  },
  {
    name: 'webp',
    options: image2('webp'),
    matches: (head) => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP',
  },
  { name: 'gif', options: ['-f', 'gif'], matches: (head) => ascii(head, 0, 4) === 'GIF8' },
  { name: 'bmp', options: image2('bmp'), matches: (head) => ascii(head, 0, 2) === 'BM' },
  { name: 'tiff', options: image2('tiff'), matches: (head) => ['II*\0', 'MM\0*'].includes(ascii(head, 0, 4)) },
]

/** Output options by extension. JPEG without colour subsampling: skin is where the lost colour would show. */
const ENCODERS: Record<string, string[]> = {
  '.png': ['-c:v', 'png', '-pix_fmt', 'rgb24'],
  '.jpg': ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj444p', '-q:v', '2'],
  '.jpeg': ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj444p', '-q:v', '2'],
}

function image2(codec: string): string[] {
  return ['-f', 'image2', '-pattern_type', 'none', '-c:v', codec]
}

function ascii(head: Buffer, from: number, to: number): string {
  return head.toString('latin1', from, to)
}

/**
 * Decodes a PNG, JPEG, WebP, GIF (first picture), BMP or TIFF file, upright as its EXIF orientation says.
 * Transparency is dropped.
 *
 * @param box when given, the picture comes as large as it fits into it, smaller or larger than it is
 * @throws {StudioError} `file-missing`, `file-unreadable`, `not-a-picture`, `ffmpeg-missing`
 */
export async function decodeStill(
  path: string,
  context: StillContext,
  box?: { width: number; height: number },
): Promise<RgbImage> {
  const head = await readHead(path)
  const decoder = DECODERS.find(({ matches }) => matches(head))
  if (!decoder) {
    throw new StudioError('not-a-picture', `"${path}" is not a picture. Choose a PNG, JPEG or WebP file.`)
  }
  const input = [...decoder.options, '-max_pixels', String(MOST_PIXELS), '-noautorotate', '-i', `file:${resolve(path)}`]
  const orientation = decoder.name === 'jpeg' ? readJpegOrientation(head) : 1
  const output = [
    '-frames:v',
    '1',
    ...scaleInto(box, orientation),
    '-f',
    'image2pipe',
    '-c:v',
    'ppm',
    '-pix_fmt',
    'rgb24',
    'pipe:1',
  ]
  const result = await runFfmpeg([...input, ...output], null, context)
  const image = result.code === 0 ? parsePpm(result.stdout) : null
  if (!image) {
    throw new StudioError(
      'not-a-picture',
      `The picture "${path}" is damaged or too large to be opened. Try another file.`,
      {
        cause: new Error(result.stderr),
      },
    )
  }
  return upright(image, orientation)
}

/** The picture is turned after it was scaled, so a box lies on its side where the picture does. */
function scaleInto(box: { width: number; height: number } | undefined, orientation: number): string[] {
  if (!box) return []
  const [width, height] = orientation >= 5 ? [box.height, box.width] : [box.width, box.height]
  return ['-vf', `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bicubic+accurate_rnd`]
}

/** Whether {@link encodeStill} can write a file of this name. */
export function isStillName(path: string): boolean {
  return extname(path).toLowerCase() in ENCODERS
}

/**
 * Writes a picture as PNG or JPEG, by the extension of `path`. The file appears whole or not at all.
 *
 * @throws {StudioError} `picture-format` for another extension, `not-written` when the folder refuses the file,
 *   `ffmpeg-missing`
 */
export async function encodeStill(path: string, image: RgbImage, context: StillContext): Promise<void> {
  const options = ENCODERS[extname(path).toLowerCase()]
  if (!options) {
    throw new StudioError('picture-format', `"${path}" cannot be written: use a name that ends in .png or .jpg.`)
  }
  const beside = join(dirname(resolve(path)), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`)
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${image.width}x${image.height}`, '-i', 'pipe:0']
  try {
    const output = ['-frames:v', '1', ...options, '-f', 'image2', '-update', '1', '-y', `file:${beside}`]
    const result = await runFfmpeg([...input, ...output], image.data, context)
    if (result.code !== 0) throw new Error(result.stderr)
    await rename(beside, path)
  } catch (error) {
    if (error instanceof StudioError || context.signal.aborted) throw error
    throw new StudioError('not-written', `"${path}" could not be written. Check that the folder exists and has room.`, {
      cause: error,
    })
  } finally {
    await rm(beside, { force: true })
  }
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const [code, words] = missing
      ? ['file-missing', `There is no file "${path}". Check the name and the folder.`]
      : ['file-unreadable', `"${path}" cannot be read. Check that it is a file and that you may open it.`]
    throw new StudioError(code, words, { cause: error })
  }
}

/** Binary PPM as ffmpeg writes it: "P6\nW H\n255\n", then the pixels. Null when that is not what came. */
function parsePpm(bytes: Buffer): RgbImage | null {
  const header = /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.toString('latin1', 0, 40))
  if (!header) return null
  const [width, height] = [Number(header[1]), Number(header[2])]
  const data = bytes.subarray(header[0].length)
  if (data.length !== width * height * 3) return null
  return { width, height, data }
}

/** Runs ffmpeg to its end, `input` on its stdin, and collects what it makes. */
async function runFfmpeg(
  args: string[],
  input: Uint8Array | null,
  { ffmpegPath, signal }: StillContext,
): Promise<{ code: number | null; stdout: Buffer; stderr: string }> {
  signal.throwIfAborted()
  const child = new FfmpegProcess(ffmpegPath, ['-v', 'error', '-nostdin', ...args], { signal })
  const stdout: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stdin.end(input ?? undefined)
  const { code } = await child.exited
  signal.throwIfAborted()
  if (child.startError) throw child.startError
  return { code, stdout: Buffer.concat(stdout), stderr: child.stderrTail }
}
