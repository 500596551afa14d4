import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, sep } from 'node:path'
import { StudioError } from '@shared/errors'

/**
 * Path of the ffmpeg program, in this order: `override`, the variable WE_FFMPEG, the bundled one
 * (@ffmpeg-installer/ffmpeg), `ffmpeg` on PATH. A packaged app has it outside the archive, because a program inside
 * an asar cannot be started: `app.asar` becomes `app.asar.unpacked`. The file is looked for when this is called,
 * never at import: the installer package throws on systems that it has no binary for.
 * @throws StudioError `ffmpeg-missing` when none is there.
 */
export function ffmpegPath(override?: string, environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = override ?? environment.WE_FFMPEG
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new StudioError('ffmpeg-missing', `There is no ffmpeg at ${chosen}. Correct WE_FFMPEG or remove it.`)
  }
  const found = bundled() ?? onPath(environment.PATH ?? '')
  if (found) return found
  throw new StudioError(
    'ffmpeg-missing',
    'The video program ffmpeg is missing. Run npm ci again, or install ffmpeg and set WE_FFMPEG to its path.',
  )
}

/** `…/app.asar/…` to `…/app.asar.unpacked/…`; other paths stay as they are. */
export function outsideArchive(path: string): string {
  return path.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
}

function bundled(): string | null {
  try {
    // Loaded by name at run time, so that the bundler leaves it alone and a missing package is not fatal.
    const installer = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }
    const path = outsideArchive(installer.path)
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

function onPath(path: string): string | null {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name)
    if (folder && existsSync(file)) return file
  }
  return null
}
