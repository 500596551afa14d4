import type { ReaderFigures } from '../figures'
import { codecsOf } from '../hls/live-fragments'
import type { Live, RelayHub } from '../relay-hub'

/** What the page is told about a live. */
export interface LiveDescription {
  name: string
  title: string
  /** False while its publisher is away and may come back. */
  sending: boolean
  /** Unix milliseconds. */
  startedAt: number
  viewers: number
  qualities: LiveQuality[]
}

export interface LiveQuality {
  /** Of the live that carries it. */
  name: string
  /** E.g. `720p`. */
  label: string
  width: number | null
  height: number | null
  bitsPerSecond: number
  /** For MediaSource; null until the first picture. */
  mimeType: string | null
}

/** @param live of its own, or a smaller copy: then its source is described */
export function describeLive(hub: RelayHub, live: Live, figures: ReaderFigures): LiveDescription {
  const source = (live.sourceName !== null && hub.find(live.sourceName)) || live
  const { name, startedAt } = source.stream
  const copies = hub.lives.filter(({ sourceName }) => sourceName === name)
  return {
    name,
    title: source.title,
    sending: hub.isSending(name),
    startedAt,
    viewers: Object.values(figures.readers(name)).reduce((sum, count) => sum + count, 0),
    qualities: [source, ...copies].map(qualityOf),
  }
}

/** Newest first; smaller copies are not listed. */
export function describeLives(hub: RelayHub, figures: ReaderFigures): LiveDescription[] {
  const own = hub.lives.filter(({ sourceName }) => sourceName === null)
  return own.map((live) => describeLive(hub, live, figures)).reverse()
}

function qualityOf({ stream }: Live): LiveQuality {
  const { config } = stream
  const height = config?.picture?.height ?? null
  return {
    name: stream.name,
    label: height === null ? 'Sound' : `${height}p`,
    width: config?.picture?.width ?? null,
    height,
    bitsPerSecond: Math.round(stream.bytesPerSecond * 8),
    mimeType: config && `video/mp4; codecs="${codecsOf(config)}"`,
  }
}
