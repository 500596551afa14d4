import type { RelayFiguresPayload, RelayState } from '@shared/ipc/studio-schema'

type Readers = RelayFiguresPayload['bytesOut']

/** Protocols as a person meets them, in the order of how many use them. */
export const PROTOCOLS = [
  { key: 'whep', label: 'WebRTC' },
  { key: 'mp4', label: 'MP4' },
  { key: 'hls', label: 'HLS' },
  { key: 'flv', label: 'HTTP-FLV' },
  { key: 'rtmp', label: 'RTMP' },
  { key: 'we', label: 'WE Studio' },
] as const satisfies readonly { key: keyof Readers; label: string }[]

/** Addresses of one live for every kind of player. */
export interface RelayAddresses {
  page: string
  hls: string
  flv: string
  rtmp: string
  whep: string
}

/** The first address is told: others in the network find this computer by it. Null while the relay is not on. */
export function relayHost({ status, hosts }: RelayState): { web: string; rtmp: string } | null {
  if (status.state !== 'on') return null
  const host = hosts[0] ?? '127.0.0.1'
  return { web: `http://${host}:${status.httpPort}`, rtmp: `rtmp://${host}:${status.rtmpPort}/live` }
}

export function addressesOf(relay: RelayState, name: string): RelayAddresses | null {
  const host = relayHost(relay)
  if (host === null) return null
  const { web, rtmp } = host
  return {
    page: `${web}/watch/${name}`,
    hls: `${web}/live/${name}/index.m3u8`,
    flv: `${web}/live/${name}.flv`,
    rtmp: `${rtmp}/${name}`,
    whep: `${web}/whep/${name}`,
  }
}

export function watching(readers: Readers): number {
  return readers.mp4 + readers.hls + readers.flv + readers.rtmp + readers.whep + readers.we
}

export function megabitWords(bitsPerSecond: number): string {
  return `${(bitsPerSecond / 1e6).toFixed(1)} Mbps`
}
