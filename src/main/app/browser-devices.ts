import { desktopCapturer } from 'electron'
import type { BrowserDevice } from '@shared/media/browser-capture'
import type { SourceOption } from '@shared/media/source-spec'
import { withBrowserDevices } from './browser-options'

/**
 * The source list with what only Chromium can capture. Where nobody else finds a screen or a window (Wayland, windows
 * on macOS and Windows), it is asked for them too; on macOS that may make the system ask the person.
 */
export async function listWithBrowser(options: SourceOption[], devices: BrowserDevice[]): Promise<SourceOption[]> {
  const has = (kind: string): boolean => options.some(({ spec }) => spec.kind === kind)
  const types = [...(has('screen') ? [] : ['screen' as const]), ...(has('window') ? [] : ['window' as const])]
  // With a display of X11 both ways see the same: an empty list of windows is one.
  const missing = process.platform === 'linux' && has('screen') ? [] : types
  const desktop = missing.length > 0 ? await listDesktop(missing) : []
  return withBrowserDevices(options, [...devices.filter(({ kind }) => kind !== 'desktop'), ...desktop])
}

async function listDesktop(types: ('screen' | 'window')[]): Promise<BrowserDevice[]> {
  try {
    const sources = await desktopCapturer.getSources({ types, thumbnailSize: { width: 0, height: 0 } })
    return sources.map(({ id, name }) => ({ kind: 'desktop', id, label: name.slice(0, 200) }))
  } catch {
    return [] // a system without a desktop
  }
}
