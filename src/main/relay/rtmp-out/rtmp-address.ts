import { StudioError } from '@shared/errors'
import { refuseLogin, serverUrl } from './server-url'

/** Where a show is published to. The stream key travels beside it and is never part of it. */
export interface RtmpAddress {
  host: string
  port: number
  /** RTMPS: TLS from the first byte. */
  secure: boolean
  /** The first part of the path as services give it, e.g. `app` or `live2`. */
  app: string
  /** The server's address as the person gave it. */
  tcUrl: string
}

const PORTS = { 'rtmp:': 1935, 'rtmps:': 443 } as const

/**
 * Reads a server address such as `rtmp://live.twitch.tv/app` or `rtmps://a.rtmps.youtube.com/live2`.
 * @throws StudioError `bad-destination`
 */
export function parseRtmpAddress(text: string): RtmpAddress {
  const url = serverUrl(text)
  const isKnown = url?.protocol === 'rtmp:' || url?.protocol === 'rtmps:'
  const app = url?.pathname.replace(/^\/+|\/+$/g, '') ?? ''
  if (!url || !isKnown || url.hostname === '' || app === '') {
    throw new StudioError(
      'bad-destination',
      'This is no address of an RTMP server. It looks like rtmp://live.example.com/app and is shown by the service beside the stream key.',
    )
  }
  refuseLogin(url)
  const scheme = url.protocol as keyof typeof PORTS
  const port = url.port === '' ? PORTS[scheme] : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    ...{ host, port, app: app + url.search },
    secure: scheme === 'rtmps:',
    tcUrl: `${scheme}//${url.host}/${app}${url.search}`,
  }
}
