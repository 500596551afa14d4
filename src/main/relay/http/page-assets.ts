import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import html from '../page/watch.html?raw'
import style from '../page/watch.css?raw'
import openHtml from '../page/open.html?raw'
import openScript from '../page/open.js?raw'
import script from '../page/watch.js?raw'
import player from '../page/live-player.js?raw'
import webRtcPlayer from '../page/webrtc-player.js?raw'
import icon from '../page/icon.svg?raw'

const FILES: Record<string, { type: string; text: string }> = {
  'watch.html': { type: 'text/html; charset=utf-8', text: html },
  'open.html': { type: 'text/html; charset=utf-8', text: openHtml },
  'open.js': { type: 'text/javascript; charset=utf-8', text: openScript },
  'watch.css': { type: 'text/css; charset=utf-8', text: style },
  'watch.js': { type: 'text/javascript; charset=utf-8', text: script },
  'live-player.js': { type: 'text/javascript; charset=utf-8', text: player },
  'webrtc-player.js': { type: 'text/javascript; charset=utf-8', text: webRtcPlayer },
  'icon.svg': { type: 'image/svg+xml', text: icon },
}

/** The files of the page, held packed. */
export class PageAssets {
  private readonly packed = new Map<string, Buffer>()

  /** Whether there is such a file; then it was sent. */
  send(name: string, request: IncomingMessage, response: ServerResponse): boolean {
    const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined
    if (!file) return false
    const packs = /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '')
    const bytes = packs ? this.pack(name, file.text) : Buffer.from(file.text)
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Length': bytes.length,
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
      ...(packs ? { 'Content-Encoding': 'gzip' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return true
  }

  private pack(name: string, text: string): Buffer {
    const packed = this.packed.get(name) ?? gzipSync(text, { level: 9 })
    this.packed.set(name, packed)
    return packed
  }
}
