import { z } from 'zod'
import { CaptionFile } from '../captions/caption-file'
import { BroadcastDetails } from '../live/broadcast-details'
import {
  Destination,
  DestinationChange,
  DestinationEntry,
  DestinationState,
  MAX_DESTINATIONS,
} from '../live/destination'
import { DEFAULT_RELAY, RelayChoice } from '../live/relay-choice'
import { ForeignRelay, ForeignRelayChange, ForeignRelayState } from '../live/foreign-relay'
import { LiveListing, WatchStats } from '../live/live-listing'
import { QualityChoice } from '../live/rendition'
import { PulledShow, PullStats } from '../live/pulled-show'
import { BeautyPreset, BeautySettings, DEFAULT_BEAUTY } from '../media/beauty-settings'
import { DEFAULT_EFFECTS, EffectSettings, EffectThumbnail } from '../media/effect-settings'
import { DEFAULT_ENCODE, EncodeSettings } from '../media/encode-settings'
import { DEFAULT_LOOK, LookSettings, LookSwatch } from '../media/look-settings'
import { BrowserDevice } from '../media/browser-capture'
import { COVER_SIDE, CoverClasses } from '../media/cover-verdict'
import { MediaStats } from '../media/media-stats'
import { GiftAlert } from '../media/gift-alert'
import { MusicBed, Scene, SceneCollection, SceneItem, SceneTransition } from '../media/scene'
import { defaultScenes } from '../media/scene-edit'
import { MixerLevels, SceneState } from '../media/scene-state'
import { SavedFile } from '../media/saved-file'
import { SourceInfo, SourceOption, SourceSpec } from '../media/source-spec'
import { PUBLIC_NETWORK_OFF, PublicNetworkSettings, PublicNetworkState } from '../network/public-network'
import { UplinkLimit, UplinkRoom } from '../network/uplink-room'
import { KEEP_NOBODY, KeepChoice } from '../storage/keep-choice'
import { DEFAULT_LIMITS, LibraryState, StorageLimits } from '../storage/stored-file'
import { DEFAULT_WALLET_CHOICE, WalletChoice } from '../wallet/wallet-choice'
import { backupSchema } from './backup-schema'
import { attachmentsSchema } from './attachments-schema'
import { invoke, notify, type Client, type Schema } from './channel'
import { publishingSchema } from './publishing-schema'
import { communitySchema } from './community-schema'
import { keepingSchema } from './keeping-schema'
import { ledgerSchema } from './ledger-schema'
import { localLedgerSchema } from './local-ledger-schema'
import { walletSchema } from './wallet-schema'
import { giftsSchema } from './gifts-schema'
import { sharingSchema, WebBase } from './sharing-schema'

const nothing = z.void()
const FileCid = z.string().regex(/^[A-Za-z0-9]{46,120}$/)

export const AppInfo = z.object({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  platform: z.string(),
  /** A development or CI runtime that must not be shipped. */
  testBuild: z.boolean(),
  dataDir: z.string(),
})
export type AppInfo = z.infer<typeof AppInfo>

/** Pull, relay and send run only while the person wants them. */
export const EngineName = z.enum(['media', 'peer', 'pull', 'relay', 'send', 'ledger', 'wallet', 'community'])
export type EngineName = z.infer<typeof EngineName>

/** `restarting` and `failed` carry a sentence for the person. */
export const EngineStatus = z.object({
  engine: EngineName,
  state: z.enum(['starting', 'ready', 'restarting', 'failed']),
  message: z.string(),
})
export type EngineStatus = z.infer<typeof EngineStatus>

/** Something the person should read now; `problem` stays until dismissed, `info` fades. */
export const Notice = z.object({ level: z.enum(['info', 'problem']), code: z.string(), message: z.string() })
export type Notice = z.infer<typeof Notice>

export const SourceState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('closed') }),
  z.object({ state: z.literal('opening'), spec: SourceSpec }),
  z.object({ state: z.literal('open'), spec: SourceSpec, info: SourceInfo }),
  /** Its device is away and is tried again by itself; the last picture goes on. */
  z.object({ state: z.literal('waiting'), spec: SourceSpec, info: SourceInfo, code: z.string(), message: z.string() }),
  z.object({ state: z.literal('failed'), spec: SourceSpec, code: z.string(), message: z.string() }),
])
export type SourceState = z.infer<typeof SourceState>

/** `split`: left half before, right half after. */
export const PreviewMode = z.enum(['after', 'before', 'split'])
export type PreviewMode = z.infer<typeof PreviewMode>

export const LiveState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('starting') }),
  z.object({
    state: z.literal('live'),
    url: z.string(),
    title: z.string(),
    /** Unix milliseconds. */
    startedAt: z.number(),
    /** Name of the file that it is recorded into; null when it is not. */
    recording: z.string().nullable(),
  }),
  z.object({ state: z.literal('stopping') }),
])
export type LiveState = z.infer<typeof LiveState>

export const StudioStats = z.object({
  media: MediaStats,
  viewers: z.number(),
  segments: z.number(),
  /** Capture of its last frame to closed segment, milliseconds, the newest one. */
  segmentDelayMs: z.number(),
})
export type StudioStats = z.infer<typeof StudioStats>

export const WatchState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('connecting'), url: z.string() }),
  z.object({ state: z.literal('playing'), url: z.string(), show: LiveListing, playlistUrl: z.string() }),
  /** Somebody else's video, pulled by an engine of its own. */
  z.object({ state: z.literal('pulled'), url: z.string(), pulled: PulledShow }),
  /** `awaited`: the broadcaster was lost, and its next live is opened by itself. */
  z.object({ state: z.literal('ended'), url: z.string(), message: z.string(), awaited: z.boolean() }),
  z.object({ state: z.literal('failed'), url: z.string(), code: z.string(), message: z.string() }),
])
export type WatchState = z.infer<typeof WatchState>

/** The relay of this app, by which players and browsers without the app can watch. */
export const RelayStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('starting') }),
  z.object({ state: z.literal('on'), rtmpPort: z.number(), httpPort: z.number() }),
  z.object({ state: z.literal('failed'), code: z.string(), message: z.string() }),
])
export type RelayStatus = z.infer<typeof RelayStatus>

export const RelayState = z.object({
  choice: RelayChoice,
  status: RelayStatus,
  /** Addresses of this computer for others; empty while only this computer can reach it. */
  hosts: z.array(z.string()),
  /** Names of the lives that have a stream key. The keys themselves are nowhere. */
  keys: z.array(z.string()),
  /** Name of the own live on it; null while it carries none. */
  show: z.string().nullable(),
})
export type RelayState = z.infer<typeof RelayState>

const RelayReaders = z.object({
  ...{ rtmp: z.number(), flv: z.number(), mp4: z.number(), hls: z.number() },
  ...{ whep: z.number(), we: z.number() },
})

/** What the relay carries; see `@shared/engines/relay-service`. */
export const RelayFiguresPayload = z.object({
  lives: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      sending: z.boolean(),
      startedAt: z.number(),
      bitsPerSecond: z.number(),
      readers: RelayReaders,
    }),
  ),
  bytesIn: z.number(),
  bytesOut: RelayReaders,
  takenKbps: z.number(),
  roomKbps: z.number().nullable(),
  refused: z.number(),
})
export type RelayFiguresPayload = z.infer<typeof RelayFiguresPayload>

export const Settings = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  beauty: BeautySettings,
  /** What the person has kept, newest first. */
  beautyPresets: z.array(BeautyPreset).max(50),
  effects: EffectSettings,
  look: LookSettings,
  encode: EncodeSettings,
  /** The source of the rearmost item of the chosen scene. */
  source: SourceSpec,
  scenes: SceneCollection,
  /** Goes with a camera or a screen: the id of a microphone, `none`, or empty for the system's default. */
  microphone: z.string().max(1000),
  title: z.string().max(120),
  category: BroadcastDetails.shape.category,
  /** Record every live on this computer. */
  record: z.boolean(),
  /** In which rendition lives are watched. */
  watchQuality: QualityChoice,
  /** Part of who shares the own lives, in 1/10,000 of what the fee leaves. */
  giftSharerBps: z.int().min(0).max(5_000),
  /** Services that lives are also sent to; their keys are kept apart, sealed. */
  destinations: z.array(Destination).max(MAX_DESTINATIONS),
  /** The relay of this app, set by its own call. */
  relay: RelayChoice,
  /** One run by somebody, set by its own call. */
  foreignRelay: ForeignRelay.nullable(),
  /** Space and uplink for files given to others. */
  storage: StorageLimits,
  /** Whose lives are kept and passed on, set by its own call. */
  keep: KeepChoice,
  /** Whether strangers may find this computer; off for a new person. */
  publicNetwork: PublicNetworkSettings,
  /** Set by the wallet's own calls. */
  wallet: WalletChoice,
  /** The page that shows links in browsers (`WebBase`); empty: the own relay's, or none. */
  shareBase: WebBase,
  /** Sharing is told as an entry of the own log. */
  shareRecord: z.boolean(),
  /** Looks at covers on this computer and veils what seems to show nudity. */
  checkCovers: z.boolean(),
})
export type Settings = z.infer<typeof Settings>

/** What a new person has. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  beauty: DEFAULT_BEAUTY,
  beautyPresets: [],
  effects: DEFAULT_EFFECTS,
  look: DEFAULT_LOOK,
  encode: DEFAULT_ENCODE,
  source: { kind: 'demo' },
  scenes: defaultScenes({ kind: 'demo' }),
  microphone: '',
  title: '',
  category: 'Talk',
  record: true,
  watchQuality: 'auto',
  giftSharerBps: 500,
  destinations: [],
  relay: DEFAULT_RELAY,
  foreignRelay: null,
  storage: DEFAULT_LIMITS,
  keep: KEEP_NOBODY,
  publicNetwork: PUBLIC_NETWORK_OFF,
  wallet: DEFAULT_WALLET_CHOICE,
  shareBase: '',
  shareRecord: true,
  checkCovers: true,
}

/**
 * The one contract between window and main: main's handlers, the preload bridge and the renderer's type are derived
 * from it. The preview does not travel here: `preview.connect` makes main send a MessagePort to the window
 * (`window.postMessage` with the data string 'studio:preview-port').
 */
export const studioSchema = {
  app: {
    getInfo: invoke(nothing, AppInfo),
    getEngines: invoke(nothing, z.array(EngineStatus)),
    /** System dialog; null when cancelled. */
    chooseVideoFile: invoke(nothing, z.string().nullable()),
    choosePictureFile: invoke(nothing, z.string().nullable()),
    copyText: invoke(z.string().max(4096), nothing),
    engineChanged: notify(EngineStatus),
    notice: notify(Notice),
  },
  settings: {
    get: invoke(nothing, Settings),
    /** Scenes, destinations, relays, whose lives are kept, the public network and the wallet are set by their own calls. */
    set: invoke(
      Settings.omit({
        scenes: true,
        destinations: true,
        relay: true,
        foreignRelay: true,
        keep: true,
        publicNetwork: true,
        wallet: true,
      }).partial(),
      Settings,
    ),
  },
  source: {
    /** With what Chromium knows, for devices that nobody else finds. */
    list: invoke(z.array(BrowserDevice).max(64), z.array(SourceOption)),
    /** For a moment the window may read the names of Chromium's devices; not use them. */
    allowDeviceNames: invoke(nothing, nothing),
    open: invoke(SourceSpec, SourceInfo),
    getState: invoke(nothing, SourceState),
    changed: notify(SourceState),
  },
  /**
   * Scenes and the mixer. Every change is answered by `changed` with the whole collection, also to who made it; calls
   * reject with `no-scene` or `no-item` for an id that does not exist. `source.open` still works: it changes the
   * rearmost item of the chosen scene.
   */
  scenes: {
    get: invoke(nothing, SceneCollection),
    /** The whole collection: scenes added, removed, reordered. */
    set: invoke(SceneCollection, SceneCollection),
    /** Goes to a scene, with the transition that is set. */
    select: invoke(z.string(), nothing),
    /** Replaces the scene with this id: items added, removed, reordered, renamed. */
    setScene: invoke(Scene, nothing),
    /** Replaces one item; for dragging and faders. */
    setItem: invoke(z.object({ sceneId: z.string(), item: SceneItem }), nothing),
    setTransition: invoke(SceneTransition, nothing),
    setMusic: invoke(MusicBed, nothing),
    setMasterGain: invoke(SceneCollection.shape.masterGainDb, nothing),
    /** Opens an item's source anew, at once: a file from its start, a camera that failed. */
    restartItem: invoke(z.string(), nothing),
    /** Draws a gift of the own live into the picture; nothing where the scene has no place for gifts. */
    showAlert: invoke(GiftAlert, nothing),
    /** System dialog for the music bed; null when cancelled. */
    chooseMusicFile: invoke(nothing, z.string().nullable()),
    getState: invoke(nothing, SceneState),
    changed: notify(SceneCollection),
    stateChanged: notify(SceneState),
    /** About 12 times a second while scenes run. */
    levels: notify(MixerLevels),
  },
  beauty: {
    set: invoke(BeautySettings, nothing),
  },
  effects: {
    set: invoke(EffectSettings, nothing),
    /** System dialog; the new settings with the picture in them, or null when cancelled. */
    importBackground: invoke(nothing, EffectSettings.nullable()),
    /** Small pictures of the stickers and backgrounds. */
    getThumbnails: invoke(nothing, z.array(EffectThumbnail)),
    /** Main had to choose otherwise: an imported picture is gone. */
    changed: notify(EffectSettings),
  },
  encode: {
    /** Also while live: from the next group of pictures on. */
    set: invoke(EncodeSettings, nothing),
  },
  look: {
    set: invoke(LookSettings, nothing),
    /** System dialog; the new settings, or null when cancelled. */
    importCube: invoke(nothing, LookSettings.nullable()),
    /** Each look on the picture of now. */
    getSwatches: invoke(nothing, z.array(LookSwatch)),
    /** Main had to choose otherwise: an imported file is gone. */
    changed: notify(LookSettings),
  },
  preview: {
    connect: invoke(nothing, nothing),
    setMode: invoke(PreviewMode, nothing),
  },
  live: {
    /** `record`: also into a file on this computer. */
    start: invoke(BroadcastDetails.extend({ record: z.boolean() }), LiveState),
    stop: invoke(nothing, nothing),
    getState: invoke(nothing, LiveState),
    changed: notify(LiveState),
    /** Once a second while a source is open, live or not. */
    stats: notify(StudioStats),
  },
  destinations: {
    get: invoke(nothing, z.array(DestinationEntry)),
    /** Makes one or changes one; the key goes in here and never comes out. */
    save: invoke(DestinationChange, nothing),
    remove: invoke(Destination.shape.id, nothing),
    /** Also while live. */
    enable: invoke(z.object({ id: Destination.shape.id, enabled: z.boolean() }), nothing),
    /** Does not wait for the next try. */
    retryNow: invoke(Destination.shape.id, nothing),
    changed: notify(z.array(DestinationEntry)),
    /** Of the running live, about four times a second; empty when it is over. */
    states: notify(z.array(DestinationState)),
  },
  recording: {
    /** Saves the last 30 s of the live, or what there is of them, as a clip. */
    saveReplay: invoke(nothing, SavedFile),
    /** Only a file that was saved by this run of the app. */
    showInFolder: invoke(z.string().max(4096), nothing),
    /** The recording of a live, or of its first part, is on this computer. No length: its engine died meanwhile. */
    saved: notify(SavedFile.extend({ durationMs: z.number().nullable() })),
  },
  relay: {
    /** Brings it to what is wanted; a port that is taken and the like are in the status. */
    set: invoke(RelayChoice, RelayState),
    getState: invoke(nothing, RelayState),
    /** A new stream key for the live of this name; the one before stops working. It can be read only here. */
    makeKey: invoke(z.string().max(48), z.string()),
    changed: notify(RelayState),
    getForeign: invoke(nothing, ForeignRelayState),
    /** A relay run by somebody; it is asked before it is kept. Null: none any more. The key goes in here and never comes out. */
    setForeign: invoke(ForeignRelayChange.nullable(), ForeignRelayState),
    foreignChanged: notify(ForeignRelayState),
    /** Once a second while somebody sends to it. */
    figures: notify(RelayFiguresPayload),
  },
  watch: {
    listLives: invoke(nothing, z.array(LiveListing)),
    livesChanged: notify(z.array(LiveListing)),
    open: invoke(z.string().max(2048), WatchState),
    close: invoke(nothing, nothing),
    /**
     * The access units of the watched live (`WatchFeedMessage`): main sends a MessagePort to the window
     * (`window.postMessage` with the data string 'studio:watch-port').
     */
    connectFeed: invoke(nothing, nothing),
    getState: invoke(nothing, WatchState),
    /** Of a live that is watched, listed or the own: name of its chat room (`rooms`); null: it has none. */
    getRoom: invoke(z.string().max(2048), z.string().nullable()),
    changed: notify(WatchState),
    stats: notify(WatchStats),
    /** Of the watched live and of those after it. */
    setQuality: invoke(QualityChoice, nothing),
    pullStats: notify(PullStats),
    /** Of a pulled video that is finished: goes to a moment, milliseconds, and plays. */
    seek: invoke(z.number().min(0), nothing),
    /** Stops fetching a finished video until `seek`. */
    hold: invoke(nothing, nothing),
    /** One of `PulledShow.qualities`; null: by itself. */
    chooseQuality: invoke(z.int().nullable(), nothing),
    /** One of `PulledShow.captions`, which then come on the watch port; null: none. */
    chooseCaptions: invoke(z.int().nullable(), nothing),
    /** Asks for a file of captions (WebVTT, SRT), read for this time only; null when cancelled. */
    openCaptions: invoke(nothing, CaptionFile.nullable()),
  },
  covers: {
    /** What a picture likely shows, found out on this computer alone: `COVER_SIDE` squared, RGBA. */
    check: invoke(
      z.instanceof(Uint8Array).refine((rgba) => rgba.length === COVER_SIDE * COVER_SIDE * 4),
      CoverClasses,
    ),
  },
  network: {
    getPublic: invoke(nothing, PublicNetworkState),
    /** Needs the network part to be restarted: at once, or when live, watching and transfers are over. */
    setPublic: invoke(PublicNetworkSettings, nothing),
    getUplink: invoke(nothing, UplinkRoom),
    /** At once, for all that is given to others: watched lives, files, viewers at the relay. */
    setUplink: invoke(UplinkLimit, nothing),
    uplinkChanged: notify(UplinkRoom),
    /** Every 2 s at most. */
    publicChanged: notify(PublicNetworkState),
  },
  /** Files that this computer holds and gives. What lasts runs on; `changed` tells of it and `app.notice` of its end. */
  library: {
    getState: invoke(nothing, LibraryState),
    /** Four times a second at most. */
    changed: notify(LibraryState),
    /** System dialogs; false when cancelled. */
    publish: invoke(nothing, z.boolean()),
    importCar: invoke(nothing, z.boolean()),
    exportCar: invoke(z.object({ cid: FileCid, title: z.string().max(200) }), z.boolean()),
    /** Takes a CID or a link; fetches what is missing. */
    pin: invoke(z.string().max(2000), nothing),
    unpin: invoke(FileCid, nothing),
    remove: invoke(FileCid, nothing),
    /** Removes what is neither pinned nor in use; bytes freed. */
    collect: invoke(nothing, z.number()),
    cancelTask: invoke(z.uuid(), nothing),
    setLimits: invoke(StorageLimits, nothing),
    /** Opens a file by CID or link, here or at peers: where the player finds it. */
    play: invoke(
      z.string().max(2000),
      z.object({
        ...{ cid: z.string(), mediaUrl: z.string(), contentType: z.string(), size: z.number() },
        captions: z.array(CaptionFile),
      }),
    ),
    /** Asks for a file of captions and keeps a copy for this video; null when cancelled. */
    openCaptions: invoke(FileCid, CaptionFile.nullable()),
  },
  keeping: keepingSchema,
  ledger: ledgerSchema,
  localLedger: localLedgerSchema,
  wallet: walletSchema,
  gifts: giftsSchema,
  sharing: sharingSchema,
  publishing: publishingSchema,
  attachments: attachmentsSchema,
  backup: backupSchema,
  ...communitySchema,
} satisfies Schema

export type StudioSchema = typeof studioSchema
export type StudioClient = Client<StudioSchema>

/** One preview picture on the preview port: I420, tight planes, limited range BT.601. */
export interface PreviewFrame {
  width: number
  height: number
  data: Uint8Array
  /** Milliseconds since the source was opened. */
  timeMs: number
  faces: number
}
