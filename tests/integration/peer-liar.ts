/**
 * A peer that breaks the rules, in a process of its own: it follows a show as a viewer and lies to the peers it dials.
 * Arguments: what it lies about, the show's address, the broadcaster's multiaddr, then its victims'.
 */
import '../../src/main/platform/runtime-floor'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { parseLiveUrl } from '../../src/shared/live/live-url'
import { publicKeyOfPeerId } from '../../src/shared/live/peer-id-key'
import { openShowRecord } from '../../src/shared/live/segment-record'
import { verifyEd25519 } from '../../src/main/platform/ed25519'
import { LIVE_PROTOCOL, LIVE_VERSION } from '../../src/main/peer/live-frame'
import { LinkRequests } from '../../src/main/peer/link-requests'
import { LiveLink } from '../../src/main/peer/live-link'
import { libp2pSettings } from '../../src/main/peer/node-settings'

const [lie = '', url = '', broadcaster = '', ...victims] = process.argv.slice(2)
const { peerId, showCid } = parseLiveUrl(url)
const show = CID.parse(showCid)
const publicKey = publicKeyOfPeerId(peerId)!
const blocks = new Map<string, Promise<Uint8Array>>()
const stolen: Uint8Array[] = []

const libp2p = await createLibp2p(
  libp2pSettings({
    privateKey: await generateKeyPair('Ed25519'),
    profile: 'test',
    listen: undefined,
    iceServers: [],
    denies: () => false,
    found: () => undefined,
    publicNetwork: null,
  }),
)

async function openLink(address: string): Promise<LiveLink> {
  const stream = await libp2p.dialProtocol(multiaddr(address), LIVE_PROTOCOL)
  const link = new LiveLink(stream, address)
  link.send({ type: 'hello', version: LIVE_VERSION, role: 'viewer', show })
  return link
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = copy[at]! ^ 1
  return copy
}

const source = await openLink(broadcaster)
const requests = new LinkRequests(source)
const links: LiveLink[] = []
let manifest: Uint8Array | null = null

/** Tells the victims of a new record, each kind of lie in its way. */
function announce(signed: Uint8Array): void {
  for (const link of links) {
    if (lie === 'signature') link.send({ type: 'announce', record: flipped(signed, signed.length - 1), holds: 1 })
    else link.send({ type: 'announce', record: signed, holds: lie === 'bits' ? 0x80 : 1 })
    if (lie === 'flood') for (let id = 0; id < 1000; id++) link.send({ type: 'cancel', id })
    if (lie === 'replay' && stolen.length > 2)
      link.send({ type: 'announce', record: stolen[stolen.length - 2]!, holds: 1 })
  }
}

source.handle({
  onClose: () => undefined,
  onFrame: (frame) => {
    if (frame.type === 'manifest') manifest = frame.bytes
    else if (frame.type === 'block') requests.onBlock(frame)
    else if (frame.type === 'no') requests.onNo(frame)
    else if (frame.type === 'announce') {
      const record = openShowRecord(frame.record, showCid, publicKey, verifyEd25519)
      if (record.final) return
      stolen.push(frame.record)
      for (const [cid, size] of record.renditions.flatMap(
        (one) =>
          [
            [one.cid, one.size],
            [one.initCid, one.initSize],
          ] as const,
      )) {
        if (!blocks.has(cid)) {
          const fetching = requests.fetch(CID.parse(cid), size, new AbortController().signal, () => false)
          fetching.catch(() => undefined)
          blocks.set(cid, fetching)
        }
      }
      announce(frame.record)
    }
  },
})

/** Until the victim watches the show, and only once: it will not take a refused peer back. */
async function approach(victim: string): Promise<void> {
  const link = await openLink(victim)
  let greeted = false
  link.handle({
    onClose: () => {
      if (!greeted) setTimeout(() => void approach(victim), 50)
    },
    onFrame: (frame) => {
      if (frame.type === 'hello') {
        greeted = true
        links.push(link)
        if (manifest !== null) link.send({ type: 'manifest', bytes: manifest })
      }
      if (frame.type !== 'want') return
      void blocks.get(frame.cid.toString())?.then((bytes) => {
        link.sendBlock(frame.id, lie === 'flip' ? flipped(bytes, bytes.length >> 1) : bytes)
      })
    },
  })
}

await Promise.all(victims.map(approach))
process.on('disconnect', () => process.exit(0))
process.send?.({ event: 'up' })
