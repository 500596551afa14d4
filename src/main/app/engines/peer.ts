import '../../platform/runtime-floor'
import { join } from 'node:path'
import type { MessagePortMain } from 'electron'
import type { SegmentMessage } from '@shared/engines/media-service'
import type { PeerService } from '@shared/engines/peer-service'
import { serve } from '@shared/rpc/rpc'
import { checkRelay } from '../../peer/check-relay'
import { PeerEngine } from '../../peer/peer-engine'
import { lockProfile, type ProfileLock } from '../../platform/profile-lock'
import { deviceSeed, loadDeviceKey } from '../../wallet/device-key'
import { SecretStore } from '../../wallet/secret-store'
import { onPort, parentRpcPort, portRpc } from './parent-port'

/**
 * Entry of the peer utility process: joins the node to main's calls and to the segment port of a broadcast. The device
 * key is read here and stays here.
 */
const engine = new PeerEngine((line) => console.error(line))

/** A restart of the node takes a moment: calls wait for it. */
const library = async (): Promise<PeerEngine['library']> => {
  await engine.settled()
  return engine.library
}

/** Keys of relays run by others; opened when they are first needed. */
let relayKeys: (() => Promise<SecretStore>) | null = null

let lock: ProfileLock | null = null

const emit = serve<PeerService>(parentRpcPort(), {
  async start({ dataDir, passphrase, beaconDir, storage, publicNetwork }) {
    lock = await lockProfile(dataDir)
    const device = await loadDeviceKey(dataDir, passphrase === null ? {} : { passphrase })
    let keys: Promise<SecretStore> | null = null
    relayKeys = () => (keys ??= SecretStore.open(join(dataDir, 'relay-secrets.json'), deviceSeed(device)))
    return engine.start({ dataDir, privateKey: device.peerKey, beaconDir, limits: storage }, publicNetwork)
  },
  listLives: () => engine.listLives(),
  startBroadcast: (details) => engine.startBroadcast(details),
  async stopBroadcast() {
    await engine.stopBroadcast()
    return undefined
  },
  setRelay(relay) {
    engine.setRelay(relay)
    return undefined
  },
  async setForeignRelay({ url, key, enabled, check }) {
    const keys = await relayKeys!()
    const kept = key ?? (url === null ? undefined : keys.get(url))
    if (check && url !== null && kept !== undefined) await checkRelay({ url, key: kept })
    for (const name of keys.names) if (name !== url) await keys.delete(name)
    if (url !== null && key !== null) await keys.set(url, key)
    const isUsed = url !== null && kept !== undefined && enabled
    engine.setForeignRelay(isUsed ? { target: { url, key: kept }, watch: [url] } : null)
    return { hasKey: kept !== undefined }
  },
  setUplinkTaken(kbps) {
    engine.setUplinkTaken(kbps)
    return undefined
  },
  watch: (url) => engine.watch(url),
  setQuality(quality) {
    engine.setQuality(quality)
    return undefined
  },
  async closeWatch() {
    await engine.closeWatch()
    return undefined
  },
  playerFile: (request) => engine.playerFile(request),
  libraryState: async () => (await library()).state(),
  publishFile: async (path) => (await library()).publish(path),
  publishAs: async ({ path, ...as }) => (await library()).publish(path, as),
  keepCaptions: async ({ cid, captions }) => (await library()).keepCaptions(cid, captions),
  captionsOf: async (address) => (await library()).captionsOf(address),
  importCar: async (path) => (await library()).importCar(path),
  exportCar: async ({ cid, path }) => (await library()).exportCar(cid, path),
  pinFile: async (cid) => (await library()).pin(cid),
  async unpinFile(cid) {
    await (await library()).unpin(cid)
    return undefined
  },
  async removeFile(cid) {
    await (await library()).remove(cid)
    return undefined
  },
  collectFiles: async () => (await library()).collect(),
  cancelTask(id) {
    engine.library.cancelTask(id)
    return undefined
  },
  async setStorageLimits(limits) {
    await (await library()).setLimits(limits)
    engine.keepLimits(limits)
    return undefined
  },
  keepLives(channels) {
    engine.kept.choose(channels)
    return undefined
  },
  aboutFile: (cid) => engine.aboutFile(cid),
  beginFile: ({ cid, start, end, reader }) => engine.library.readers.begin(cid, start, end, reader),
  nextOfFile: (reader) => engine.library.readers.next(reader),
  endFile(reader) {
    engine.library.readers.end(reader)
    return undefined
  },
  publicNetwork: () => engine.publicNetwork,
  setPublicNetwork(wanted) {
    engine.setPublicNetwork(wanted)
    return undefined
  },
  setGiftTerms(terms) {
    engine.setGiftTerms(terms)
    return undefined
  },
  async joinGifts(room) {
    await engine.joinGifts(room)
    return undefined
  },
  leaveGifts(show) {
    engine.gifts.leave(show)
    return undefined
  },
  sendGift: ({ show, bytes }) => engine.gifts.send(show, bytes),
  tellTab({ show, bytes }) {
    engine.gifts.tellTab(show, bytes)
    return undefined
  },
  async close() {
    await engine.close()
    await lock?.release()
    setImmediate(() => process.exit(0)) // after the answer has left
    return undefined
  },
})

engine.onEvent(emit)

onPort((use, port: MessagePortMain) => {
  if (use === 'segments') port.on('message', (event) => engine.takeSegmentMessage(event.data as SegmentMessage))
  else if (use === 'watch') {
    engine.connectWatch({
      post: (message) => port.postMessage(message),
      onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
      onClose: (listener) => void port.once('close', listener),
      close: () => port.close(),
    })
  } else if (use === 'ledger') void engine.connectLedger(portRpc(port))
  else if (use === 'community') void engine.connectCommunity(portRpc(port))
  else return
  port.start()
})
