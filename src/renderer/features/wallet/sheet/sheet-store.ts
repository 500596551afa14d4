import { connect, type ServiceClient } from '@shared/rpc/rpc'
import type { SheetService, SheetView } from '@shared/wallet/sheet'
import { create } from 'zustand'

interface SheetState {
  view: SheetView
  client: ServiceClient<SheetService> | null
}

/** What the wallet engine wants to have shown. Secrets are never kept here: they live in the field that shows them. */
export const useSheet = create<SheetState>()(() => ({ view: { show: 'nothing' }, client: null }))

/** The engine; throws while there is none. */
export function sheetClient(): ServiceClient<SheetService> {
  const { client } = useSheet.getState()
  if (client === null) throw new Error('The wallet is starting. Try again in a moment.')
  return client
}

/** Takes the port to the engine from the preload script; a new one replaces the old one. */
export function listenForEngine(target: Window): void {
  target.addEventListener('message', (event: MessageEvent<unknown>) => {
    const [port] = event.ports
    if (event.source !== target || event.data !== 'wallet:sheet-port' || !port) return
    const client = connect<SheetService>({
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data)),
    })
    client.on('changed', (view) => useSheet.setState({ view }))
    port.start()
    useSheet.setState({ client })
    void client.call('view', undefined).then((view) => useSheet.setState({ view }))
  })
}
