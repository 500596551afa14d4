import type { BrowserDevice } from '@shared/media/browser-capture'
import type { SourceOption } from '@shared/media/source-spec'

/** A name as both ways would have it: Chromium adds the numbers of a USB device, "HD Webcam (046d:0825)". */
function bare(label: string): string {
  return label
    .replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, '')
    .trim()
    .toLowerCase()
}

/**
 * Adds what Chromium knows to what ffmpeg has found. A device that both know is ffmpeg's, by its name; one without a
 * name (nobody has allowed it) is only added where ffmpeg has none of its kind.
 */
export function withBrowserDevices(options: SourceOption[], devices: BrowserDevice[]): SourceOption[] {
  const known = (kind: SourceOption['spec']['kind']): string[] =>
    options.filter(({ spec }) => spec.kind === kind).map(({ label }) => bare(label))
  const cameras = known('camera')
  const microphones = known('microphone')
  // These two are not devices but the system's choices of one.
  const heard = devices.filter(({ kind, id }) => kind === 'microphone' && id !== 'communications')
  const sound = heard.find(({ id }) => id === 'default') ?? heard[0]
  const isNew = (labels: string[], label: string): boolean =>
    label === '' ? labels.length === 0 : !labels.includes(bare(label))

  const added: SourceOption[] = []
  for (const { kind, id, label } of devices) {
    if (kind === 'camera' && isNew(cameras, label)) {
      const named = `${label || 'Camera'} (browser)`
      added.push(option(`browser-camera:${id}`, named, { video: id, audio: sound?.id ?? null }))
    } else if (kind === 'desktop') {
      added.push(option(`browser-desktop:${id}`, label || 'Screen', { video: id, audio: sound?.id ?? null }))
    }
  }
  for (const { id, label } of heard) {
    if (!isNew(microphones, label) || (id === 'default' && microphones.length > 0)) continue
    added.push(option(`browser-microphone:${id}`, `${label || 'Microphone'} (browser)`, { video: null, audio: id }))
  }
  return [...options, ...added]
}

function option(id: string, label: string, devices: { video: string | null; audio: string | null }): SourceOption {
  return { id, label, spec: { kind: 'browser', ...devices, label: label.slice(0, 200) } }
}
