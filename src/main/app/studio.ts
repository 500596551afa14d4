import { app, clipboard, nativeTheme, shell, type BrowserWindow } from 'electron'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { liveRoom } from '@shared/community/live-room'
import type { MediaService } from '@shared/engines/media-service'
import type { PeerService } from '@shared/engines/peer-service'
import type { SendService } from '@shared/engines/send-service'
import type { PullService } from '@shared/engines/pull-service'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { Handlers } from '@shared/ipc/channel'
import type { SavedFile } from '@shared/media/saved-file'
import type { EngineStatus, StudioSchema } from '@shared/ipc/studio-schema'
import { ALL_FILES, BACKUPS, chooseFile, chooseFiles, chooseTarget, PICTURES, VIDEOS } from './choose-file'
import { EngineHost } from './engines/engine-host'
import type { Notifier } from './ipc/handle-calls'
import { CaptureGuard } from './capture-guard'
import { DroppedFiles } from './dropped-files'
import { listWithBrowser } from './browser-devices'
import { SavedFiles } from './saved-files'
import { AttachmentSession } from './sessions/attachment-session'
import { BackupSession } from './sessions/backup-session'
import { CaptureSession } from './sessions/capture-session'
import { CommunitySession } from './sessions/community-session'
import { DestinationSession } from './sessions/destination-session'
import { EffectsSession } from './sessions/effects-session'
import { JournaledSending } from './sessions/journaled-sending'
import { KeepSession } from './sessions/keep-session'
import { LedgerSession } from './sessions/ledger-session'
import { ForeignRelaySession } from './sessions/foreign-relay-session'
import { GiftSession } from './sessions/gift-session'
import { CaptionShelf } from './caption-shelf'
import { LibrarySession } from './sessions/library-session'
import { LiveEntries } from './sessions/live-entries'
import { LiveSession } from './sessions/live-session'
import { LookSession } from './sessions/look-session'
import { PublicNetworkSession } from './sessions/public-network-session'
import { PublishingSession } from './sessions/publishing-session'
import { readPeerFile } from './sessions/read-peer-file'
import { RelaySession } from './sessions/relay-session'
import { SceneSession } from './sessions/scene-session'
import { SharerLinks } from './sessions/sharer-links'
import { SharingSession } from './sessions/sharing-session'
import { SourceSession } from './sessions/source-session'
import { UplinkSession } from './sessions/uplink-session'
import { WalletGiftMoney } from './sessions/wallet-gift-money'
import { WalletLedgers } from './sessions/wallet-ledgers'
import { WalletSession } from './sessions/wallet-session'
import { WatchSession } from './sessions/watch-session'
import { channelCalls } from './sessions/channel-calls'
import type { SettingsFile } from './settings-file'

export interface StudioPaths {
  /** Where entries were built to: engine files and the demo worker lie here. */
  out: string
  resources: string
  dataDir: string
  ffmpeg: string
  beaconDir: string
  /** Where recordings go; asked each time. */
  videos: () => string
}

/** Builds the engines and the sessions over them, once. */
export class Studio {
  readonly media: EngineHost<MediaService>
  readonly peer: EngineHost<PeerService>
  readonly pull: EngineHost<PullService>
  readonly source: SourceSession
  readonly scenes: SceneSession
  readonly captureGuard = new CaptureGuard()
  readonly look: LookSession
  readonly effects: EffectsSession
  readonly live: LiveSession
  readonly send: EngineHost<SendService>
  readonly destinations: DestinationSession
  readonly watch: WatchSession
  readonly relay: RelaySession
  readonly foreignRelay: ForeignRelaySession
  readonly library: LibrarySession
  readonly keeping: KeepSession
  readonly ledger: LedgerSession
  readonly gifts: GiftSession
  readonly publicNetwork: PublicNetworkSession
  readonly uplink: UplinkSession
  readonly wallet: WalletSession
  readonly community: CommunitySession
  readonly sharing: SharingSession
  readonly publishing: PublishingSession
  private readonly liveEntries: LiveEntries
  readonly attachments: AttachmentSession
  readonly backup: BackupSession
  private readonly sending: JournaledSending
  private readonly savedFiles: SavedFiles
  readonly droppedFiles = new DroppedFiles()

  constructor(
    private readonly paths: StudioPaths,
    private readonly settings: SettingsFile,
    notify: Notifier,
    window: () => BrowserWindow | null,
  ) {
    mkdirSync(paths.dataDir, { recursive: true })
    const log = (line: string): void => console.error(line)
    const onStatus = (status: EngineStatus): void => {
      notify('app', 'engineChanged', status)
      if (status.engine === 'peer' && status.state === 'ready') this.watch.resume()
    }
    this.media = new EngineHost<MediaService>({
      name: 'media',
      title: 'The camera engine',
      modulePath: join(paths.out, 'media-engine.js'),
      onStatus,
      log,
      prepare: async (client, restarted) => {
        await client.call('start', {
          ffmpegPath: paths.ffmpeg,
          modelsDir: join(paths.resources, 'models'),
          demoWorkerPath: join(paths.out, 'demo-worker.js'),
        })
        captures.prepare(client)
        await this.look.prepare(client)
        await this.effects.prepare(client)
        await this.source.prepare(client, restarted)
        await this.live.prepareMedia(client, restarted)
      },
    })
    const captures = new CaptureSession(this.media, this.captureGuard, () => window()?.webContents ?? null)
    this.peer = new EngineHost<PeerService>({
      name: 'peer',
      title: 'The network engine',
      modulePath: join(paths.out, 'peer-engine.js'),
      onStatus,
      log,
      prepare: async (client, restarted) => {
        await client.call('start', {
          dataDir: paths.dataDir,
          passphrase: process.env['WE_PASSPHRASE'] ?? null,
          beaconDir: paths.beaconDir,
          storage: settings.value.storage,
          publicNetwork: settings.value.publicNetwork,
        })
        this.publicNetwork.prepare(client)
        this.uplink.prepare(client)
        await this.foreignRelay.prepare(client)
        this.library.prepare(client)
        await this.keeping.prepare(client)
        this.publishing.prepare(client)
        this.watch.prepare(client)
        this.gifts.prepare(client)
        this.live.preparePeer(client, restarted)
        this.ledger.peerStarted()
        this.community.peerStarted()
      },
    })
    this.send = new EngineHost<SendService>({
      name: 'send',
      title: 'The part that sends to other services',
      modulePath: join(paths.out, 'send-engine.js'),
      onStatus,
      log,
      prepare: (client, restarted) => this.destinations.prepare(client, restarted),
    })
    this.destinations = new DestinationSession(this.media, this.send, settings, paths.dataDir, notify)
    // Started when somebody else's video is first asked for.
    this.pull = new EngineHost<PullService>({
      name: 'pull',
      title: 'The video engine',
      modulePath: join(paths.out, 'pull-engine.js'),
      onStatus,
      log,
      prepare: async (client, restarted) => {
        await client.call('start', { ffmpegPath: paths.ffmpeg })
        this.watch.preparePull(client, restarted)
      },
    })
    this.scenes = new SceneSession(this.media, settings, notify)
    this.source = new SourceSession(this.media, settings, this.scenes, notify)
    this.look = new LookSession(this.media, settings, notify, join(paths.dataDir, 'looks'))
    this.effects = new EffectsSession(this.media, settings, notify, join(paths.dataDir, 'backgrounds'))
    this.savedFiles = new SavedFiles(paths.videos, (path) => shell.showItemInFolder(path))
    this.foreignRelay = new ForeignRelaySession(this.peer, settings, notify)
    const toPeer = (tell: (client: ServiceClient<PeerService>) => Promise<unknown>): void => {
      // an engine that is being restarted has no live
      if (this.peer.status.state === 'ready') void tell(this.peer.client).catch(() => undefined)
    }
    this.relay = new RelaySession(
      ...([this.media, settings, paths, notify] as const),
      (relay) => toPeer((peer) => peer.call('setRelay', relay)),
      (kbps) => toPeer((peer) => peer.call('setUplinkTaken', kbps)),
    )
    let money: WalletGiftMoney | null = null
    // gifts follow what is live and what is watched
    const heard: Notifier = (group, name, payload) => {
      notify(group, name, payload)
      if (group === 'live' && name === 'changed') {
        this.gifts.liveChanged(this.live.state)
        this.liveEntries.liveChanged(this.live.state)
      }
      if (group === 'recording' && name === 'saved') this.liveEntries.recorded((payload as SavedFile).path)
      if (group === 'watch' && name === 'changed') this.gifts.watchChanged(this.watch.state)
      if (group === 'wallet' && name === 'changed') {
        money?.walletChanged()
        this.community.walletChanged()
      }
    }
    this.live = new LiveSession(
      this.media,
      this.peer,
      () => this.source.state.state === 'open' || this.source.state.state === 'waiting',
      [this.destinations, this.relay, this.foreignRelay],
      this.savedFiles,
      heard,
    )
    const sharers = new SharerLinks(join(paths.dataDir, 'gifts', 'sharers.json'), log)
    this.watch = new WatchSession(
      this.peer,
      () => settings.value.watchQuality,
      this.pull,
      heard,
      (link) => sharers.opened(link),
    )
    this.gifts = new GiftSession(
      this.peer,
      paths,
      { get: () => settings.value.giftSharerBps, set: (giftSharerBps) => void settings.set({ giftSharerBps }) },
      () => this.live.stop(),
      sharers,
      notify,
    )
    const shelf = new CaptionShelf(join(paths.dataDir, 'captions'))
    this.library = new LibrarySession(this.peer, settings, notify, shelf)
    this.keeping = new KeepSession(this.peer, settings, notify)
    this.publicNetwork = new PublicNetworkSession(this.peer, settings, notify)
    this.uplink = new UplinkSession(
      settings,
      (limits) => this.library.setLimits(limits),
      (room) => this.relay.setRoom(room),
      notify,
    )
    this.ledger = new LedgerSession(paths, this.peer, notify, onStatus, log)
    this.community = new CommunitySession(paths, this.peer, notify, onStatus, log)
    this.backup = new BackupSession({
      saveAs: (title, name) => chooseTarget(window(), title, name),
      choose: () => chooseFile(window(), 'Choose a backup', [BACKUPS, ALL_FILES]),
      community: () => this.community.host.ready(),
      wallet: () => this.wallet.client(),
      notify,
    })
    this.community.onClient = (client) => this.backup.prepare(client)
    const community = channelCalls(this.community)
    this.liveEntries = new LiveEntries(
      join(paths.dataDir, 'publishing', 'live.json'),
      community,
      () => settings.value.category.toLowerCase(),
      log,
    )
    this.publishing = new PublishingSession(
      this.peer,
      paths,
      { ...community, liveRecorded: (live, video) => this.liveEntries.becameVideo(live, video) },
      this.savedFiles,
      (path) => this.liveEntries.liveOf(path),
      () => this.droppedFiles.take(),
      notify,
      log,
    )
    this.attachments = new AttachmentSession({
      folder: join(paths.dataDir, 'community', 'outbox'),
      choose: () => chooseFiles(window(), 'Choose files to send'),
      saveAs: (name) => chooseTarget(window(), 'Save the file', name),
      publish: async (path) => (await (await this.peer.ready()).call('publishFile', path)).cid,
      read: (cid) => readPeerFile(this.peer.client, cid),
      say: async (input) => (await this.community.ask('messages', 'say', input)) as string,
      fileOf: async (place) => (await this.community.host.ready()).call('messageFile', place),
      notify,
    })
    this.wallet = new WalletSession(paths, settings, heard, window, onStatus, log)
    this.sharing = new SharingSession({
      sharers,
      settings: () => settings.value,
      relay: () => this.relay.state,
      token: async (subject) =>
        this.wallet.account === null ? null : (await this.wallet.client()).call('shareToken', subject),
      account: () => this.wallet.account,
      ask: (group, name, input) => this.community.ask(group, name, input),
      copy: (text) => clipboard.writeText(text),
      browse: (url) => shell.openExternal(url),
      opened: (target) => notify('sharing', 'opened', target),
      log,
    })
    this.sending = new JournaledSending(join(paths.dataDir, 'ledger-queue'), (words, happened) => {
      const message = `“${words}” was under way when the app was closed. ${happened ? 'It went through, once.' : 'It did not happen.'}`
      notify('app', 'notice', { level: 'info', code: 'ledger', message })
    })
    const ledgers = new WalletLedgers(this.ledger, this.sending, {
      get: () => settings.value.wallet.network,
      set: (network) => void settings.set({ wallet: { ...settings.value.wallet, network } }),
    })
    this.wallet.useLedger(ledgers, this.ledger)
    money = new WalletGiftMoney(this.wallet, this.ledger, ledgers)
    this.gifts.useMoney(money)
    this.community.useWallet({
      account: () => this.wallet.account,
      keyGrant: async (ask) => (await this.wallet.client()).call(ask ? 'keyGrant' : 'knownKeyGrant', undefined),
    })
  }

  start(): void {
    void this.media.start()
    void this.peer.start()
    void this.community.host.start()
    this.liveEntries.resume()
    this.relay.resume()
    this.wallet.resume()
  }

  async stop(): Promise<void> {
    await this.live.stop()
    await Promise.race([this.liveEntries.settled(), new Promise((done) => setTimeout(done, END_SAID_MS))])
    await this.publishing.stop()
    await this.gifts.stop()
    await this.sending.close()
    await Promise.all([
      this.media.stop(),
      this.peer.stop(),
      this.pull.stop(),
      this.send.stop(),
      this.relay.stop(),
      this.ledger.stop(),
      this.community.stop(),
      this.wallet.stop(),
      this.settings.flush(),
    ])
  }

  /** Main's side of the IPC contract. */
  handlers(window: () => BrowserWindow | null, testBuild: boolean): Handlers<StudioSchema> {
    const { settings, media, peer } = this
    return {
      app: {
        getInfo: () => ({
          version: app.getVersion(),
          electron: process.versions.electron,
          chrome: process.versions.chrome,
          platform: `${process.platform} ${process.arch}`,
          testBuild,
          dataDir: this.paths.dataDir,
        }),
        getEngines: () => [media.status, peer.status],
        chooseVideoFile: () => chooseFile(window(), 'Choose a video file', [VIDEOS, ALL_FILES]),
        choosePictureFile: () => chooseFile(window(), 'Choose a picture', [PICTURES, ALL_FILES]),
        copyText: (text) => clipboard.writeText(text),
      },
      settings: {
        get: () => {
          this.look.windowListens()
          this.effects.windowListens()
          return settings.value
        },
        set: (change) => {
          const value = settings.set(dropUndefined(change))
          nativeTheme.themeSource = value.theme
          return value
        },
      },
      source: {
        list: async (devices) => {
          this.captureGuard.endNames()
          return listWithBrowser(await (await media.ready()).call('listSources', undefined), devices)
        },
        allowDeviceNames: () => this.captureGuard.allowNames(),
        open: (spec) => this.source.open(spec),
        getState: () => this.source.state,
      },
      scenes: {
        get: () => this.scenes.value,
        set: (scenes) => this.scenes.set(scenes),
        select: (id) => this.scenes.select(id),
        setScene: (scene) => this.scenes.setScene(scene),
        setItem: (change) => this.scenes.setItem(change),
        setTransition: (transition) => this.scenes.setTransition(transition),
        setMusic: (music) => this.scenes.setMusic(music),
        setMasterGain: (gainDb) => this.scenes.setMasterGain(gainDb),
        restartItem: (itemId) => this.scenes.restartItem(itemId),
        showAlert: (alert) => this.scenes.showAlert(alert),
        chooseMusicFile: () => chooseFile(window(), 'Choose music', [MUSIC, ALL_FILES]),
        getState: () => this.scenes.state,
      },
      beauty: {
        set: async (beauty) => {
          settings.set({ beauty })
          await media.client.call('setBeauty', beauty)
        },
      },
      effects: {
        set: (effects) => this.effects.set(effects),
        importBackground: () => this.effects.importBackground(window()),
        getThumbnails: () => this.effects.thumbnails(),
      },
      encode: {
        set: async (encode) => {
          settings.set({ encode })
          await media.client.call('setEncoding', encode)
        },
      },
      look: {
        set: (look) => this.look.set(look),
        importCube: () => this.look.importCube(window()),
        getSwatches: () => this.look.swatches(),
      },
      preview: {
        connect: () => {
          const contents = window()?.webContents
          if (contents) this.source.connectPreview(contents)
        },
        setMode: (mode) => this.source.setPreviewMode(mode),
      },
      live: {
        start: async ({ record, ...details }) => {
          await this.gifts.beforeLive()
          return this.live.start(details, record)
        },
        stop: () => this.live.stop(),
        getState: () => this.live.state,
      },
      destinations: {
        get: () => this.destinations.list(),
        save: (change) => this.destinations.save(change),
        remove: (id) => this.destinations.remove(id),
        enable: ({ id, enabled }) => this.destinations.enable(id, enabled),
        retryNow: (id) => this.destinations.retryNow(id),
      },
      recording: {
        saveReplay: () => this.live.saveReplay(),
        showInFolder: (path) => this.savedFiles.showInFolder(path),
      },
      relay: {
        set: (choice) => this.relay.set(choice),
        getState: () => this.relay.state,
        makeKey: (name) => this.relay.makeKey(name),
        getForeign: () => this.foreignRelay.state,
        setForeign: (change) => this.foreignRelay.set(change),
      },
      watch: {
        listLives: async () => (await peer.ready()).call('listLives', undefined),
        open: (url) => this.watch.open(url),
        close: () => this.watch.close(),
        setQuality: async (watchQuality) => {
          settings.set({ watchQuality })
          await this.watch.setQuality(watchQuality)
        },
        connectFeed: () => {
          const contents = window()?.webContents
          if (contents) this.watch.connectFeed(contents)
        },
        getState: () => this.watch.state,
        getRoom: async (url) => {
          const { state } = this.watch
          const lives = await (await peer.ready()).call('listLives', undefined)
          const live =
            state.state === 'playing' && state.url === url ? state.show : lives.find((one) => one.url === url)
          return live === undefined ? null : liveRoom(live, Date.now())
        },
        seek: (toMs) => this.watch.seek(toMs),
        hold: () => this.watch.hold(),
        chooseQuality: (id) => this.watch.chooseQuality(id),
        chooseCaptions: (id) => this.watch.chooseCaptions(id),
        openCaptions: () => this.library.openCaptions(window(), null),
      },
      covers: { check: async (rgba) => (await media.ready()).call('checkCover', rgba) },
      wallet: this.wallet.handlers(),
      network: {
        getPublic: () => this.publicNetwork.get(),
        setPublic: (wanted) => this.publicNetwork.set(wanted),
        getUplink: () => this.uplink.room,
        setUplink: (kbps) => this.uplink.set(kbps),
      },
      localLedger: this.ledger.handlers(),
      gifts: this.gifts.handlers(window),
      sharing: this.sharing.handlers(),
      library: {
        getState: () => this.library.state(),
        publish: () => this.library.publish(window()),
        importCar: () => this.library.importCar(window()),
        exportCar: (file) => this.library.exportCar(window(), file),
        pin: (cid) => this.library.pin(cid),
        unpin: (cid) => peer.client.call('unpinFile', cid),
        remove: (cid) => this.library.remove(cid),
        collect: () => peer.client.call('collectFiles', undefined),
        cancelTask: (id) => peer.client.call('cancelTask', id),
        setLimits: (limits) => this.library.setLimits(limits),
        play: (address) => this.library.play(address),
        openCaptions: (cid) => this.library.openCaptions(window(), cid),
      },
      keeping: { get: () => this.keeping.state, set: (choice) => this.keeping.set(choice) },
      ledger: this.ledger.desk.handlers(window),
      publishing: this.publishing.handlers(window),
      attachments: this.attachments.handlers(),
      backup: this.backup.handlers(),
      ...this.community.handlers(),
    }
  }
}

/** Quitting waits so long for the end of a live to be said; what is not is said at the next start. */
const END_SAID_MS = 2_000

const MUSIC = {
  name: 'Music',
  extensions: ['mp3', 'm4a', 'aac', 'wav', 'flac', 'ogg', 'opus', 'mp4', 'mkv', 'webm'],
}

/** `exactOptionalPropertyTypes` tells a missing field from an undefined one; a partial zod object does not. */
function dropUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
