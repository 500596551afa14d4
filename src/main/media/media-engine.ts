import { EventEmitter } from 'node:events'
import { reportError, StudioError } from '@shared/errors'
import type { PreviewMode } from '@shared/ipc/studio-schema'
import { DEFAULT_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import {
  DEFAULT_EFFECTS,
  type EffectSettings,
  type EffectThumbnail,
  type ImportedPicture,
} from '@shared/media/effect-settings'
import { DEFAULT_ENCODE, type EncodeSettings } from '@shared/media/encode-settings'
import type { ImportedCube, LookSettings, LookSwatch } from '@shared/media/look-settings'
import { alertPlace, GiftAlert } from '@shared/media/gift-alert'
import type { MediaStats } from '@shared/media/media-stats'
import type { NewFileTarget, SavedFile } from '@shared/media/saved-file'
import type { SceneCollection } from '@shared/media/scene'
import { NO_SCENE, type MixerLevels, type SceneState } from '@shared/media/scene-state'
import type { SourceInfo, SourceOption, SourceSpec } from '@shared/media/source-spec'
import type { UplinkSample } from '@shared/media/uplink-sample'
import { AlertStage } from './alerts/alert-stage'
import { AudioLevel } from './audio-level'
import { importBackground } from './background/import-background'
import { EncodeControl } from './encode/encode-control'
import { chooseEncoder } from './encode/hardware-probe'
import { IdleMeter } from './encode/idle-meter'
import { loadEngineParts, type EngineParts } from './engine-parts'
import { FramePipeline } from './frame-pipeline'
import type { I420Frame, RgbImage } from './i420'
import type { ColourMap } from './look/colour-map'
import { cubeMap } from './look/cube'
import { readCube } from './look/cube-file'
import { FrameLook, LIVE_COLUMNS } from './look/frame-look'
import { importCube } from './look/import-cube'
import { LookSample, paintChart, renderSwatches } from './look/swatches'
import { effectThumbnails } from './person/effect-thumbnails'
import type { PersonSettings } from './person/person-effect'
import type { PersonWork } from './person/person-work'
import { Preview, type PreviewLink, type PreviewSink } from './preview'
import { saveClip } from './replay-clip'
import { PlainCanvas } from './scene/scene-canvas'
import { SceneSource } from './scene/scene-source'
import { ShowEncoding, type ShowOptions } from './show-encoding'
import type { BrowserLinks } from './sources/browser-source'
import { sourceOptions } from './sources/source-options'
import { SlateSource } from './slate-source'
import { SourceSession } from './source-session'
import { decodeStill, type StillContext } from './still-image'
import { loadCanonicalHead } from './stickers/canonical-head'
import { StatsMeter } from './stats-meter'
import { STUDIO_FORMAT, type StudioFormat } from './studio-format'

/** Share of a second's frames that may be late or reduced without being more than a moment's trouble. */
const SLOW_SHARE = 0.2

export interface MediaEngineOptions {
  ffmpegPath: string
  /** Folder of the ONNX models (`resources/models`). */
  modelsDir: string
  /** Script of the demo presenter's worker, where the bundler put it. */
  demoWorkerPath?: string
  /** Takes lines for the log, never for the person. */
  log: (line: string) => void
  /** Picture size and rate; 1280x720, 30 fps. */
  format?: StudioFormat
  /** Captures by the window of the app; without it there are none. */
  browser?: BrowserLinks
  /** When there is a small rendition for viewers: how long the computer must have been calm (30 s), who measures it; tests. */
  small?: { calmMs?: number; free?: () => number | null }
  /** Parts to use instead of the real ones; tests. */
  parts?: EngineParts
}

export interface MediaEngineEvents {
  /** Once a second while a source is open. */
  stats: [MediaStats]
  /** The source is over and, if it was live, the last segment is out. */
  ended: []
  /** Something that the person should know and that goes on by itself. */
  notice: [StudioError]
  /** Something broke that the person should know. The show goes on unless the code is `encoder-stopped`. */
  problem: [StudioError]
  /** A device is away; its last picture goes on and it is opened again as soon as it answers. */
  sourceAway: [StudioError]
  /** It gives pictures again. */
  sourceBack: []
  /** The recording of an encoding that has ended, or of a part of it, is closed. */
  recorded: [SavedFile]
  /** The recording goes on in this file. */
  recordingOn: [string]
  /** What is shown, and what became of its sources; on every change. */
  sceneState: [SceneState]
  /** The mixer's meters, about 12 times a second while scenes run. */
  levels: [MixerLevels]
}

/**
 * The media engine: one source at a time, through face mesh and beauty, to the preview and, while live, to the
 * encoder. Frames are numbered by the source's constant rate; that number is the only clock (media.md 5). Calls that
 * open and close wait for each other.
 */
export class MediaEngine extends EventEmitter<MediaEngineEvents> {
  private readonly format: StudioFormat
  private readonly preview: Preview
  private readonly level = new AudioLevel()
  private readonly meter = new StatsMeter()
  private readonly encode: EncodeControl
  private readonly idle = new IdleMeter()
  private cpuPercent: number | null = null
  /** Frames that were late, reduced or lost when the load was last looked at. */
  private slowFrames = 0
  private parts: Promise<EngineParts> | null = null
  private pipeline: FramePipeline | null = null
  private person: PersonWork | null = null
  private settings: PersonSettings = { beauty: DEFAULT_BEAUTY, effects: DEFAULT_EFFECTS }
  private readonly look = new FrameLook(LIVE_COLUMNS)
  private readonly alerts = new AlertStage()
  private readonly lookSample = new LookSample()
  private cube: { path: string; map: ColourMap } | null = null
  private lookChange = 0
  private backdrop: { path: string; image: RgbImage } | null = null
  private effectsChange = 0
  private readonly ending = new AbortController()
  private session: SourceSession | null = null
  /** What the session shows, when it shows scenes. */
  private scene: SceneSource | null = null
  private show: ShowEncoding | null = null
  /** The newest finished frame, held in the ring for the slate. */
  private lastFrame: I420Frame | null = null
  private turn: Promise<unknown> = Promise.resolve()
  private ticker: NodeJS.Timeout | undefined
  private closed = false

  constructor(private readonly options: MediaEngineOptions) {
    super()
    this.format = options.format ?? STUDIO_FORMAT
    this.preview = new Preview(this.format)
    this.encode = new EncodeControl(
      this.format,
      DEFAULT_ENCODE,
      (notice) => this.emit('notice', notice),
      options.small?.calmMs,
    )
    // In the background: until the trials are over lives are encoded in software.
    void chooseEncoder(options.ffmpegPath, this.format, options.log).then((name) => (this.encode.hardware = name))
  }

  /** What can be opened: the demo presenter, then cameras, screens, windows and microphones by name. */
  async listSources(): Promise<SourceOption[]> {
    const parts = await this.loadParts()
    return sourceOptions(await parts.listDevices())
  }

  /**
   * Opens a source in place of the one before; frames flow at once. A live goes on over the change, with its last
   * picture in between, also when opening fails.
   * @throws StudioError in plain words when it cannot be opened.
   */
  openSource(spec: SourceSpec): Promise<SourceInfo> {
    return this.inTurn(async () => {
      if (this.closed) throw new StudioError('engine-closed', 'The media engine has been closed.')
      const parts = await this.loadParts()
      this.pipeline ??= this.makePipeline(parts)
      await this.leaveSource()
      const source = await parts.openSource(spec, this.format)
      await parts.warm
      await this.use(source, false)
      return source.info
    })
  }

  /**
   * Shows the chosen scene in place of a single source, or changes what is shown, from the next frame on. Resolves when
   * the sources of the scene are open or have failed; what became of them is told by `sceneState`, and what has failed
   * is opened again by itself.
   */
  async setScenes(scenes: SceneCollection): Promise<void> {
    await this.inTurn(async () => {
      if (this.closed) throw new StudioError('engine-closed', 'The media engine has been closed.')
      this.alerts.place = alertPlace(scenes)
      if (this.scene) {
        this.scene.update(scenes)
        return
      }
      const parts = await this.loadParts()
      this.pipeline ??= this.makePipeline(parts)
      await this.leaveSource()
      const scene = this.makeScene(scenes, parts)
      this.scene = scene
      await Promise.all([scene.settled(), parts.warm])
      await this.use(scene, false)
    })
    await this.scene?.settled()
  }

  /** Draws a gift into the picture, where the shown scene has a place for gifts; else nothing happens. */
  showAlert(alert: GiftAlert): void {
    this.alerts.show(GiftAlert.parse(alert))
  }

  /** Opens an item's source anew. @throws StudioError `no-item`, or what is wrong with the source */
  async restartSceneItem(itemId: string): Promise<SourceInfo> {
    if (!this.scene) throw new StudioError('no-item', 'No scene is shown. Choose a source first.')
    return this.scene.restart(itemId)
  }

  /** Closes the source. A live goes on with the last picture. */
  closeSource(): Promise<void> {
    return this.inTurn(() => this.leaveSource())
  }

  /** From the next frame on. */
  setBeauty(beauty: BeautySettings): void {
    this.setPerson({ ...this.settings, beauty })
  }

  /**
   * From the next frame on, but for a new background picture, which is read first.
   * @param picturePath the imported picture, null when there is none
   * @throws StudioError as `decodeStill`; a drawn background stands in then, so that the room is not seen
   */
  async setEffects(effects: EffectSettings, picturePath: string | null): Promise<void> {
    const mine = ++this.effectsChange
    let backdrop = picturePath !== null && picturePath === this.backdrop?.path ? this.backdrop : null
    try {
      if (picturePath !== null) backdrop ??= { path: picturePath, image: await decodeStill(picturePath, this.stills) }
    } finally {
      if (mine === this.effectsChange) {
        this.backdrop = backdrop
        const { beauty } = this.settings
        this.setPerson({ beauty, effects, ...(backdrop ? { backgroundPicture: backdrop.image } : {}) })
      }
    }
  }

  /** Checks a picture and copies it into `folder`. @throws StudioError as `importBackground` */
  importBackground(from: string, folder: string): Promise<ImportedPicture> {
    return importBackground(from, folder, this.stills)
  }

  /** Small pictures of the stickers and backgrounds. */
  async effectThumbnails(): Promise<EffectThumbnail[]> {
    const head = await loadCanonicalHead(this.options.modelsDir)
    return effectThumbnails(head, this.backdrop?.image ?? null)
  }

  private get stills(): StillContext {
    return { ffmpegPath: this.options.ffmpegPath, signal: this.ending.signal }
  }

  private setPerson(settings: PersonSettings): void {
    this.settings = settings
    if (this.person) this.person.settings = settings
    this.scene?.setPerson(settings)
  }

  /**
   * From the next frame on.
   * @param cubePath the imported .cube file, null when there is none
   * @throws StudioError as `readCube`; the look is off then
   */
  async setLook(settings: LookSettings, cubePath: string | null): Promise<void> {
    const mine = ++this.lookChange
    try {
      const cube =
        cubePath === null || cubePath === this.cube?.path
          ? this.cube
          : { path: cubePath, map: cubeMap(await readCube(cubePath)) }
      if (mine !== this.lookChange) return
      this.cube = cubePath === null ? null : cube
    } catch (error) {
      if (mine === this.lookChange) this.look.set({ ...settings, look: 'none' })
      throw error
    }
    this.look.set(settings, this.cube?.map)
  }

  /** Checks a .cube file and copies it into `folder`. @throws StudioError as `readCube` */
  importCube(from: string, folder: string): Promise<ImportedCube> {
    return importCube(from, folder)
  }

  /** What each look does to the picture of now. */
  async lookSwatches(): Promise<LookSwatch[]> {
    const sample = this.session?.plain === false ? await this.lookSample.take() : paintChart()
    return renderSwatches(sample, this.cube?.map ?? null)
  }

  /** From the next group of pictures on, also while live. */
  setEncoding(settings: EncodeSettings): void {
    this.encode.settings = settings
  }

  /** What the line to the viewers carries: the bitrate follows it. */
  setUplink(sample: UplinkSample): void {
    this.encode.uplink(sample)
  }

  setPreviewMode(mode: PreviewMode): void {
    this.preview.mode = mode
  }

  /**
   * Sends small I420 pictures (at most 640x360, 30 fps) to `sink` until null is set. Each must be acknowledged: with
   * two on their way the next are left out. At most two are used at a time; their data is overwritten later.
   */
  setPreviewSink(sink: PreviewSink): PreviewLink
  setPreviewSink(sink: null): null
  setPreviewSink(sink: PreviewSink | null): PreviewLink | null {
    if (sink) return this.preview.connect(sink)
    this.preview.disconnect()
    return null
  }

  /**
   * Encodes from the next frame on, until `stopEncoding` or the end of the source.
   * @throws StudioError `no-source`, `already-encoding`
   */
  startEncoding(options: ShowOptions): Promise<void> {
    return this.inTurn(() => {
      if (this.show) throw new StudioError('already-encoding', 'You are live already. End the live first.')
      if (!this.session || !this.pipeline) throw new StudioError('no-source', 'Choose a camera or a file first.')
      const { ring } = this.pipeline
      this.show = new ShowEncoding(
        this.options.ffmpegPath,
        this.format,
        ring,
        this.session.timeline,
        {
          ...options,
          picture: { ...this.encode.begin(), ...options.picture },
          onReplaced: (settings) => this.encode.replaced(settings),
          onSmallEnded: (why) => this.encode.smallEnded(performance.now(), why),
        },
        (error) => this.showProblem(error),
        (file, nextPath) => {
          if (file) this.emit('recorded', file)
          this.emit('recordingOn', nextPath)
        },
        this.options.log,
      )
      this.encode.follow(this.show)
      this.meter.startShow()
    })
  }

  /** Ends the encoding; resolves when the last segment has been given. Does nothing when not encoding. */
  stopEncoding(): Promise<void> {
    return this.inTurn(() => this.finishShow())
  }

  /**
   * Saves the last 30 s of what goes out, or what there is of them, as a clip. The live does not wait for it.
   * @throws StudioError `not-live`, `no-replay`, `not-writable`, `replay-failed`
   */
  async saveReplay(target: NewFileTarget): Promise<SavedFile> {
    if (!this.show) throw new StudioError('not-live', 'A replay can be saved while you are live.')
    return saveClip(this.options.ffmpegPath, this.show.replay.take(), target)
  }

  /** Ends everything: source, encoder (its last segment included), models. */
  close(): Promise<void> {
    this.closed = true
    this.ending.abort()
    return this.inTurn(async () => {
      await this.finishShow()
      await this.leaveSource()
      clearInterval(this.ticker)
      this.preview.disconnect()
      const parts = await this.parts?.catch(() => null)
      await parts?.close()
      this.parts = null
    })
  }

  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const next = this.turn.then(work)
    this.turn = next.catch(() => undefined)
    return next
  }

  private loadParts(): Promise<EngineParts> {
    this.parts ??= (this.options.parts ? Promise.resolve(this.options.parts) : loadEngineParts(this.options)).catch(
      (error: unknown) => {
        this.parts = null
        throw error
      },
    )
    return this.parts
  }

  private makePipeline({ createPerson, createSmallPicture }: EngineParts): FramePipeline {
    if (createSmallPicture) this.preview.drawOn(createSmallPicture)
    const person = createPerson()
    person.settings = this.settings
    this.person = person
    const pipeline = new FramePipeline(
      this.format,
      person,
      {
        before: (item) => {
          this.preview.before(item.frame, item.slot)
          if (!item.plain) this.lookSample.offer(item.frame, person.faces[0]?.box)
        },
        after: (item, faces) => {
          this.preview.after(item.frame, item.slot, faces)
          const { session } = this
          if (session) this.show?.write(item, session.timeline)
          this.keepLast(item.frame)
        },
      },
      this.options.log,
    )
    pipeline.look = this.look
    pipeline.overlay = this.alerts
    return pipeline
  }

  private makeScene(scenes: SceneCollection, parts: EngineParts): SceneSource {
    return new SceneSource(scenes, {
      ffmpegPath: this.options.ffmpegPath,
      format: this.format,
      openSource: (spec) => parts.openSource(spec, this.format),
      createPerson: () => parts.createPerson(),
      createCanvas: (size) => parts.createCanvas?.(size) ?? new PlainCanvas(size),
      personSettings: this.settings,
      onStraight: () => this.pipeline?.newSource(),
      onState: (state) => this.emit('sceneState', state),
      onLevels: (levels) => this.emit('levels', levels),
      onProblem: (error) => this.emit('problem', error),
      log: this.options.log,
    })
  }

  private keepLast(frame: I420Frame): void {
    const { ring } = this.pipeline!
    ring.hold(frame)
    if (this.lastFrame) ring.release(this.lastFrame)
    this.lastFrame = frame
  }

  private async use(source: SourceSession['source'], plain: boolean): Promise<void> {
    const pipeline = this.pipeline!
    await this.dropSession()
    if (!plain) {
      pipeline.newSource()
      this.meter.startSource(pipeline)
      this.ticker ??= setInterval(() => this.tick(), 1000)
    }
    const session: SourceSession = new SourceSession(
      source,
      plain,
      pipeline,
      this.level,
      {
        onSound: () => {
          if (this.session === session) this.show?.pumpSound()
        },
        onStalled: () => {
          if (this.session === session) this.show?.sourceStalled()
        },
        onEnded: (error) => this.sourceEnded(session, error),
        onAway: (why) => this.emit('sourceAway', why),
        onBack: () => this.emit('sourceBack'),
      },
      this.options.log,
    )
    this.session = session
    session.start()
  }

  /** Ends the session and waits for its last frame, so that no frame meets the sound of another source. */
  private async dropSession(): Promise<void> {
    const { session } = this
    if (!session) return
    await session.close()
    await this.pipeline?.drained()
    if (this.session === session) this.session = null
    if (this.scene !== session.source) return
    this.scene = null
    this.emit('sceneState', NO_SCENE)
  }

  /** Closes the source; while live a slate takes over. */
  private async leaveSource(): Promise<void> {
    if (this.show) {
      if (this.session?.plain !== true) await this.useSlate()
      return
    }
    await this.dropSession()
    if (this.lastFrame) this.pipeline?.ring.release(this.lastFrame)
    this.lastFrame = null
    clearInterval(this.ticker)
    this.ticker = undefined
  }

  private async useSlate(): Promise<void> {
    await this.dropSession()
    await this.use(new SlateSource(this.format, this.lastFrame), true)
  }

  private sourceEnded(session: SourceSession, error: StudioError | undefined): void {
    void this.inTurn(async () => {
      if (this.session !== session) return
      await this.pipeline?.drained()
      if (error) {
        this.emit('problem', error)
        await this.leaveSource()
        return
      }
      await this.finishShow()
      await this.leaveSource()
      this.emit('ended')
    }).catch((failure: unknown) => this.options.log(`media: ending the source failed: ${String(failure)}`))
  }

  private async finishShow(): Promise<void> {
    const { show } = this
    if (!show) return
    await this.pipeline?.drained()
    this.show = null
    this.encode.follow(null)
    try {
      await show.finish()
    } catch (error) {
      this.emitProblem(error)
    }
    await this.finishRecording(show)
    if (this.session?.plain === true) await this.leaveSource()
  }

  /** The encoder or the recording broke while it was running. */
  private showProblem(error: StudioError): void {
    this.emit('problem', error)
    if (error.code === 'recording-failed') return
    const { show } = this
    this.show = null
    this.encode.follow(null)
    void this.inTurn(async () => {
      await show?.kill()
      await this.finishRecording(show)
      if (this.session?.plain === true) await this.leaveSource()
    })
  }

  private async finishRecording(show: ShowEncoding | null): Promise<void> {
    const file = await show?.finishRecording()
    if (file) this.emit('recorded', file)
  }

  private emitProblem(error: unknown): void {
    const { code, message } = reportError(error)
    this.emit('problem', error instanceof StudioError ? error : new StudioError(code, message))
  }

  private tick(): void {
    if (!this.pipeline || !this.session) return
    const { late, reduced } = this.pipeline.counters
    const slowFrames = late + reduced + this.session.lost
    // A few late frames a second are the noise of any computer.
    const free = (this.options.small?.free ?? (() => this.idle.take(this.cpuPercent)))()
    this.encode.load(performance.now(), slowFrames - this.slowFrames > SLOW_SHARE * this.format.fps, free)
    this.slowFrames = slowFrames
    const { words: step, renditions } = this.encode
    const figures = this.meter.take(this.pipeline, this.session.lost, this.show, this.level.take())
    this.cpuPercent = figures.cpuPercent
    this.emit('stats', { ...figures, step, renditions })
  }
}
