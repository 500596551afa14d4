import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { afterEach, expect, test } from 'vitest'
import { planFor, settingsOf } from '@shared/mesh/mesh-plan'
import { decodeControl } from '@shared/mesh/mesh-wire'
import { recordCid } from '../content-id'
import { MeshMember } from './mesh-member'

const source = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()
let member: MeshMember | null = null

afterEach(() => member?.stop())

/** A viewer whose only stream to the broadcaster is set by the test. */
function viewer(): { member: MeshMember; sent: { on: object; what: string }[]; line: { stream: object | null } } {
  const sent: { on: object; what: string }[] = []
  const line: { stream: object | null } = { stream: null }
  member = new MeshMember({
    ownPeerId: peerIdFromPrivateKey(key).toString(),
    showCid: recordCid(new Uint8Array(1)).toString(),
    source,
    publicKey: new Uint8Array(32),
    settings: settingsOf(planFor(1_000), 30),
    uplinkBps: Infinity,
    links: {
      send: (_, body) => {
        const frame = decodeControl(body)
        if (line.stream === null) return false
        sent.push({ on: line.stream, what: frame?.type === 'message' ? frame.message.type : (frame?.type ?? '?') })
        return true
      },
      stream: () => line.stream,
      connect: () => undefined,
      introduce: () => null,
      openStripe: () => Promise.reject(new Error('not tried here')),
      refuse: () => undefined,
    },
    onItems: () => undefined,
    onGap: () => undefined,
    onCarried: () => undefined,
  })
  return { member, sent, line }
}
const key = await generateKeyPair('Ed25519')

const reports = (sent: { on: object; what: string }[]): object[] =>
  sent.filter(({ what }) => what === 'report').map(({ on }) => on)

test('a newcomer asks for its place behind its greeting, and once', () => {
  const { member, sent, line } = viewer()
  member.start([source])
  expect(reports(sent)).toEqual([])
  line.stream = { name: 'first' }
  member.linkOpening(source)
  expect(reports(sent)).toEqual([line.stream])
  member.linkUp(source)
  expect(reports(sent)).toEqual([line.stream])
})

test('what went out on a stream that gave way to another is said again', () => {
  const { member, sent, line } = viewer()
  member.start([source])
  const [first, second] = [{ name: 'first' }, { name: 'second' }]
  line.stream = first
  member.linkOpening(source)
  line.stream = second
  member.linkUp(source)
  expect(reports(sent)).toEqual([first, second])
})
