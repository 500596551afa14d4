import type { ErrorReport } from '../errors'
import type { AccessConfig, AccessUnit } from '../media/access-unit'
import type { CaptureRequest } from '../media/browser-capture'
import type { PreviewMode } from '../ipc/studio-schema'
import type { CoverClasses } from '../media/cover-verdict'
import type { BeautySettings } from '../media/beauty-settings'
import type { EffectSettings, EffectThumbnail, ImportedPicture } from '../media/effect-settings'
import type { EncodeSettings } from '../media/encode-settings'
import type { EncodedInit, EncodedSegment } from '../media/encoded-segment'
import type { ImportedCube, LookSettings, LookSwatch } from '../media/look-settings'
import type { GiftAlert } from '../media/gift-alert'
import type { SceneCollection } from '../media/scene'
import type { MixerLevels, SceneState } from '../media/scene-state'
import type { MediaStats } from '../media/media-stats'
import type { NewFileTarget, SavedFile } from '../media/saved-file'
import type { SourceInfo, SourceOption, SourceSpec } from '../media/source-spec'
import type { UplinkSample } from '../media/uplink-sample'

/** Start data of the media engine, parsed by nobody else: main builds it from trusted paths. */
export interface MediaStart {
  ffmpegPath: string
  modelsDir: string
  demoWorkerPath: string
}

/** Main to media engine. Ports travel beside: see `MediaPortMessage`. */
export interface MediaService {
  calls: {
    start: { input: MediaStart; output: undefined }
    listSources: { input: undefined; output: SourceOption[] }
    openSource: { input: SourceSpec; output: SourceInfo }
    /** Shows the chosen scene; answers when its sources are open or have failed, and the fade is on its way. */
    setScenes: { input: SceneCollection; output: undefined }
    /** Opens an item's source anew; answers when it is open. Rejects with what is wrong with it. */
    restartSceneItem: { input: string; output: SourceInfo }
    /** A gift of the own live: drawn where the shown scene has a place for gifts. */
    showAlert: { input: GiftAlert; output: undefined }
    closeSource: { input: undefined; output: undefined }
    setBeauty: { input: BeautySettings; output: undefined }
    /** `picturePath`: the file of the imported background, null without one. */
    setEffects: { input: { settings: EffectSettings; picturePath: string | null }; output: undefined }
    /** Small pictures of the stickers and backgrounds. */
    effectThumbnails: { input: undefined; output: EffectThumbnail[] }
    importBackground: { input: { from: string; folder: string }; output: ImportedPicture }
    setEncoding: { input: EncodeSettings; output: undefined }
    /** What the line to the viewers carries. */
    setUplink: { input: UplinkSample; output: undefined }
    /** `cubePath`: the file of the look `cube`, null without one. */
    setLook: { input: { settings: LookSettings; cubePath: string | null }; output: undefined }
    importCube: { input: { from: string; folder: string }; output: ImportedCube }
    /** `COVER_SIDE` squared, RGBA. */
    checkCover: { input: Uint8Array; output: CoverClasses }
    lookSwatches: { input: undefined; output: LookSwatch[] }
    setPreviewMode: { input: PreviewMode; output: undefined }
    /**
     * Needs a segment port sent before; encoding output goes there. With `record` also into a new file, whose path is
     * answered; null when it could not be made (a `problem` says why).
     */
    startEncoding: { input: { record: NewFileTarget | null }; output: { recordingPath: string | null } }
    stopEncoding: { input: undefined; output: undefined }
    saveReplay: { input: NewFileTarget; output: SavedFile }
    close: { input: undefined; output: undefined }
  }
  events: {
    stats: MediaStats
    /** The source ended by itself. */
    ended: null
    problem: ErrorReport
    sceneState: SceneState
    levels: MixerLevels
    /** Goes on by itself, but the person should know. */
    notice: ErrorReport
    /** A device is away and is tried again by itself, until `sourceBack`. */
    sourceAway: ErrorReport
    sourceBack: null
    /** The window shall capture; the answer is a port announced as `capture:ID`. */
    captureWanted: { id: number; request: CaptureRequest }
    /** The recording of an encoding that has ended is closed. */
    recorded: SavedFile
    /** The recording goes on in another file: its path. */
    recordingOn: string
    segmentClosed: { index: number; delayMs: number }
  }
}

/**
 * Announces the port that comes with the message: where previews are drawn, where segments are published, or where
 * access units are told besides (`UnitMessage`).
 */
export interface MediaPortMessage {
  t: 'port'
  use: 'preview' | 'segments' | 'units' | `capture:${number}`
}

/** What the media engine posts on the segment port. */
export type SegmentMessage =
  | { t: 'init'; init: EncodedInit }
  | { t: 'segment'; segment: EncodedSegment }
  /** Before the first unit that names it. */
  | { t: 'config'; config: AccessConfig }
  | { t: 'unit'; unit: AccessUnit }
  | { t: 'end' }
