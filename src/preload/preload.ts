import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channelName, type Answer, type Schema } from '@shared/ipc/channel'
import { DROPPED_FILES } from '@shared/ipc/dropped-files'
import { studioSchema } from '@shared/ipc/studio-schema'
import { CAPTURE_PORT_MESSAGE } from '@shared/media/browser-capture'

/**
 * Derives `window.studio` from the schema. A failed call rejects with `{ code, message }`: contextBridge would strip
 * the class and extra fields of an Error, so the plain object is what the window gets.
 */
const studio: Record<string, Record<string, unknown>> = {}

for (const [group, channels] of Object.entries(studioSchema as Schema)) {
  const api: Record<string, unknown> = {}
  for (const [name, channel] of Object.entries(channels)) {
    const wire = channelName(group, name)
    if (channel.kind === 'invoke') {
      api[name] = async (input?: unknown): Promise<unknown> => {
        const answer = (await ipcRenderer.invoke(wire, input)) as Answer<unknown>
        if (answer.ok) return answer.value
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- see above: an Error would lose its code
        throw answer.error
      }
    } else {
      api[name] = (listener: (payload: unknown) => void): (() => void) => {
        const forward = (_event: unknown, payload: unknown): void => listener(payload)
        ipcRenderer.on(wire, forward)
        return () => void ipcRenderer.off(wire, forward)
      }
    }
  }
  studio[group] = api
}

contextBridge.exposeInMainWorld('studio', studio)

// The page gets no paths, and none from it are taken: before it hears of a drop, main knows what was dropped.
window.addEventListener(
  'drop',
  ({ isTrusted, dataTransfer }) => {
    if (!isTrusted || dataTransfer === null) return
    const paths = [...dataTransfer.files].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '')
    if (paths.length > 0) ipcRenderer.send(DROPPED_FILES, paths)
  },
  { capture: true },
)

// So with a port that captures; the request says what.
ipcRenderer.on('capture.port', (event, request: unknown) => {
  window.postMessage({ type: CAPTURE_PORT_MESSAGE, request }, window.location.origin, event.ports)
})

// The preview port cannot cross contextBridge; the window takes it from this message.
ipcRenderer.on('preview.port', (event) => {
  window.postMessage('studio:preview-port', window.location.origin, event.ports)
})

// Nor can the port to the watched live.
ipcRenderer.on('watch.port', (event) => {
  window.postMessage('studio:watch-port', window.location.origin, event.ports)
})
