import { ipcRenderer } from 'electron'

/** The wallet's sheet gets its port to the wallet engine and nothing else: no bridge to main. */
ipcRenderer.on('sheet.port', (event) => {
  window.postMessage('wallet:sheet-port', window.location.origin, event.ports)
})
