import type { BrowserDevice } from '@shared/media/browser-capture'

/** Cameras and microphones that Chromium knows; names only while main allows it. None where they cannot be asked. */
export async function browserDevices(): Promise<BrowserDevice[]> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices()
    return devices.flatMap(({ kind, deviceId, label }): BrowserDevice[] => {
      if (deviceId === '' || kind === 'audiooutput') return []
      return [{ kind: kind === 'videoinput' ? 'camera' : 'microphone', id: deviceId, label: label.slice(0, 200) }]
    })
  } catch {
    return []
  }
}
