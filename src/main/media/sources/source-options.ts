import type { SourceOption } from '@shared/media/source-spec'
import type { DeviceList } from '../device-list'

/** The source list: the demo presenter, then what was found, each under the name that a person knows it by. */
export function sourceOptions({ cameras, screens, windows, microphones }: DeviceList): SourceOption[] {
  return [
    { id: 'demo', label: 'Demo presenter', spec: { kind: 'demo' } },
    ...cameras.map(({ id, label }): SourceOption => ({
      id: `camera:${id}`,
      label,
      spec: { kind: 'camera', device: id },
    })),
    ...screens.map(({ id, label }): SourceOption => ({
      id: `screen:${id}`,
      label,
      spec: { kind: 'screen', device: id },
    })),
    ...windows.map(({ id, label }): SourceOption => ({
      id: `window:${id}`,
      label,
      spec: { kind: 'window', device: id },
    })),
    ...microphones.map(({ id, label }): SourceOption => ({
      id: `microphone:${id}`,
      label,
      spec: { kind: 'microphone', device: id },
    })),
  ]
}
