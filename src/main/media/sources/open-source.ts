import { StudioError } from '@shared/errors'
import type { SourceSpec } from '@shared/media/source-spec'
import type { CaptureSource } from '../capture-source'
import { openCamera, openFile, type CaptureOptions } from '../ffmpeg-capture'
import { STUDIO_FORMAT } from '../studio-format'
import { openBrowser, type BrowserLinks } from './browser-source'
import { openMicrophone } from './microphone-source'
import { ReturningSource } from './returning-source'
import { openScreen } from './screen-input'
import { openPicture } from './still-source'

export interface OpenOptions extends CaptureOptions {
  /** Captures by the window of the app; null where there is no window. */
  browser: BrowserLinks | null
  /** First pause before a device that went away is opened again; tests shorten it. */
  retryMs?: number
}

/**
 * Opens whatever a spec means, but the demo presenter. A device that goes away later comes back by itself; a file
 * ends, and a picture stays.
 * @throws StudioError in plain words
 */
export async function openSource(
  spec: Exclude<SourceSpec, { kind: 'demo' }>,
  options: OpenOptions,
): Promise<CaptureSource> {
  if (spec.kind === 'file') return openFile(spec, options)
  if (spec.kind === 'picture') return openPicture(spec, options)
  return ReturningSource.open({
    open: (signal) => openDevice(spec, { ...options, signal }),
    ...(options.retryMs === undefined ? {} : { retryMs: options.retryMs }),
  })
}

function openDevice(
  spec: Exclude<SourceSpec, { kind: 'demo' | 'file' | 'picture' }>,
  options: OpenOptions,
): Promise<CaptureSource> {
  switch (spec.kind) {
    case 'gifts':
      throw new StudioError('not-a-source', 'Gifts are drawn over a scene. Choose a camera or a file first.')
    case 'camera':
      return openCamera(spec, options)
    case 'screen':
    case 'window':
      return openScreen(spec, options)
    case 'microphone':
      return openMicrophone(spec, options)
    case 'browser':
      if (options.browser) return openBrowser(spec, options.browser, options.format ?? STUDIO_FORMAT, options.signal)
      throw new StudioError(
        'no-window',
        'This source needs the window of WE Studio. Choose another here: run "we sources" to see them.',
      )
  }
}
