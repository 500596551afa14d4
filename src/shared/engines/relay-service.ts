import type { ErrorReport } from '../errors'

/** Start data of the relay engine; it is started only when the person asks for it. */
export interface RelayStart {
  /** 127.0.0.1 unless the person opens the relay to others. */
  host: string
  /** 0: any free one. */
  rtmpPort: number
  httpPort: number
  /** Where the hashes of stream keys are kept. */
  dataDir: string
  /** Folder for recordings; null: lives are not recorded. */
  recordDir: string | null
  /** Program for the smaller copy; null: no copy. */
  ladderFfmpeg: string | null
  /** What readers on other computers may take together, kilobits a second; null: no limit. */
  roomKbps: number | null
  /** Origins of pages whose scripts may read lives. */
  origins: string[]
}

export interface RelayAddress {
  host: string
  rtmpPort: number
  httpPort: number
}

export interface RelayReaders {
  rtmp: number
  flv: number
  mp4: number
  hls: number
  /** WebRTC. */
  whep: number
  /** Viewers of our own, whom peers do not serve. */
  we: number
}

/** What the relay carries at the moment. */
export interface RelayFigures {
  lives: {
    name: string
    title: string
    /** False while its publisher is away and may come back. */
    sending: boolean
    /** Unix milliseconds. */
    startedAt: number
    bitsPerSecond: number
    readers: RelayReaders
  }[]
  bytesIn: number
  /** Media bytes by protocol. */
  bytesOut: RelayReaders
  /** What readers on other computers take, kilobits a second, and what they may take together; null: no limit. */
  takenKbps: number
  roomKbps: number | null
  /** Readers that found no room, since the start. */
  refused: number
}

/** Main to relay engine. A port `units:NAME` carries `SegmentMessage`s of a broadcaster of our own. */
export interface RelayService {
  calls: {
    start: { input: RelayStart; output: RelayAddress }
    /** A new key for a live; the one before stops working. It can be read only here. */
    makeKey: { input: { name: string }; output: { key: string } }
    /** A key with which the peer engine hands on the own show under this name, as it travels between peers. */
    showKey: { input: { name: string }; output: { key: string } }
    /** What readers on other computers may take together, kilobits a second; null: no limit. */
    setRoom: { input: number | null; output: undefined }
    listKeys: { input: undefined; output: string[] }
    figures: { input: undefined; output: RelayFigures }
    close: { input: undefined; output: undefined }
  }
  events: {
    /** About once a second while a live is on, and whenever one begins or ends. */
    figures: RelayFigures
    problem: ErrorReport
  }
}
