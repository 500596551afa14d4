import type { CaptionText } from '../captions/caption-text'
import type { RelayPushState } from '../live/foreign-relay'
import type { RelayHandOver } from '../live/relay-hand-over'
import type { GiftTerms } from '../gifts/gift-terms'
import type { BroadcastDetails } from '../live/broadcast-details'
import type { LiveListing, WatchStats } from '../live/live-listing'
import type { QualityChoice } from '../live/rendition'
import type { UplinkSample } from '../media/uplink-sample'
import type { PublicNetworkSettings, PublicNetworkState } from '../network/public-network'
import type { UplinkRoom } from '../network/uplink-room'
import type { KeptShow } from '../storage/keep-choice'
import type { LibraryState, StorageLimits, StoredFile } from '../storage/stored-file'

/** Start data of the peer engine. The device key is read and kept inside the engine. */
export interface PeerStart {
  dataDir: string
  passphrase: string | null
  /** Folder in which nodes of one machine find each other; null: none. */
  beaconDir: string | null
  storage: StorageLimits
  publicNetwork: PublicNetworkSettings
}

/** A file of the watched live, by the name it has in the playlist. */
export interface PlayerFile {
  contentType: string
  bytes: Uint8Array
}

/** Main to peer engine. `startBroadcast` needs a segment port sent before and resolves at the first init segment. */
export interface PeerService {
  calls: {
    start: { input: PeerStart; output: { peerId: string; multiaddrs: string[] } }
    listLives: { input: undefined; output: LiveListing[] }
    startBroadcast: { input: BroadcastDetails; output: { url: string; startedAt: number } }
    /** Of the running show and those after it. */
    setRelay: { input: RelayHandOver; output: undefined }
    /**
     * A relay run by somebody that gets the running show and those after it. `key` null: the one kept for this address; `check`:
     * the relay is asked first, and nothing is changed when it says no. Rejects with `relay-unreachable`, `relay-key`,
     * `no-relay`, `secrets-broken`, `secrets-not-written`.
     */
    setForeignRelay: {
      input: { url: string | null; key: string | null; enabled: boolean; check: boolean }
      output: { hasKey: boolean }
    }
    /** What viewers at the relay of this app take of the line, kilobits a second. */
    setUplinkTaken: { input: number; output: undefined }
    stopBroadcast: { input: undefined; output: undefined }
    watch: { input: string; output: { viewId: string; show: LiveListing } }
    /** Of the watched live and those after it; "auto" until the first call. */
    setQuality: { input: QualityChoice; output: undefined }
    closeWatch: { input: undefined; output: undefined }
    /** Playlist, init or media segment; null: there is no such file. */
    playerFile: { input: { viewId: string; name: string; blockUntilSeq: number | null }; output: PlayerFile | null }
    libraryState: { input: undefined; output: LibraryState }
    /** Files by CID or link; paths are of this computer. All of these reject with StudioErrors in plain words. */
    publishFile: { input: string; output: StoredFile }
    /** The same by another title than its file name, as a task of this id (`libraryChanged`, `cancelTask`). */
    publishAs: { input: { path: string; title: string; task: string }; output: StoredFile }
    /** Captions that the link of a file of the library carries from now on. */
    keepCaptions: { input: { cid: string; captions: CaptionText[] }; output: StoredFile }
    /** Captions that come with a file by its link, or are kept with it. */
    captionsOf: { input: string; output: CaptionText[] }
    importCar: { input: string; output: StoredFile }
    exportCar: { input: { cid: string; path: string }; output: number }
    /** Fetches what is missing first. */
    pinFile: { input: string; output: StoredFile }
    unpinFile: { input: string; output: undefined }
    removeFile: { input: string; output: undefined }
    /** Bytes freed. */
    collectFiles: { input: undefined; output: number }
    cancelTask: { input: string; output: undefined }
    setStorageLimits: { input: StorageLimits; output: undefined }
    /** Peer ids whose lives are kept and passed on from now on; nobody's until the first call. */
    keepLives: { input: string[] | 'all'; output: undefined }
    /** Opens a file from here or from peers. */
    aboutFile: { input: string; output: { cid: string; size: number; contentType: string } }
    /**
     * A stretch of a file, the end exclusive, piece by piece; null after the last. Who names the reader need not wait for
     * the answer before it asks for pieces.
     */
    beginFile: { input: { cid: string; start: number; end: number; reader?: string }; output: string }
    nextOfFile: { input: string; output: Uint8Array | null }
    endFile: { input: string; output: undefined }
    publicNetwork: { input: undefined; output: PublicNetworkState }
    /** Takes effect at once, or when nothing would be cut by it. Rejects with `bad-multiaddr`. */
    setPublicNetwork: { input: PublicNetworkSettings; output: undefined }
    /** Where gifts of the next broadcast go; null: it takes none. */
    setGiftTerms: { input: GiftTerms | null; output: undefined }
    /** The gifts of a show, by the CID of its manifest; `creator`: also the tabs that other creators tell of. */
    joinGifts: { input: { show: string; terms: GiftTerms; creator: boolean }; output: undefined }
    leaveGifts: { input: string; output: undefined }
    /** False: its room is not joined. Rejects when others would refuse the line. */
    sendGift: { input: { show: string; bytes: Uint8Array }; output: boolean }
    /** Tells the other creators on the same bank. */
    tellTab: { input: { show: string; bytes: Uint8Array }; output: undefined }
    close: { input: undefined; output: undefined }
  }
  events: {
    /** Form, chain and signature hold. */
    giftLine: { show: string; bytes: Uint8Array }
    tabLine: { bytes: Uint8Array }
    livesChanged: LiveListing[]
    /** At most four times a second. */
    libraryChanged: LibraryState
    /** Lives that are kept now; once a second at most. */
    keptChanged: KeptShow[]
    publicNetworkChanged: PublicNetworkState
    viewers: number
    /** How it goes with handing the show to a relay. */
    relayState: RelayPushState
    /** The line to others is shared otherwise than before. */
    uplinkRoom: UplinkRoom
    /** About four times a second while somebody watches. */
    uplink: UplinkSample
    published: { seq: number; cid: string; bytes: number; durationMs: number }
    watchStats: WatchStats
    /** `lost`: nothing more came; the broadcaster may be back soon, with another show. */
    watchEnded: { url: string; message: string; lost: boolean }
    refused: { reason: string; from: string }
    broadcastFailed: { code: string; message: string }
  }
}

/** Announces the port that comes with the message: the segments of a broadcast, or the window that watches a live. */
export interface PeerPortMessage {
  t: 'port'
  use: 'segments' | 'watch'
}
