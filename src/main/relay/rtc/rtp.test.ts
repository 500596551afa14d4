import { expect, test } from 'vitest'
import { StudioError } from '@shared/errors'
import { fuzz } from '../../platform/testing/fuzz'
import { H264Assembler, type AssembledPicture } from './h264-assembler'
import { h264Payloads, nalUnits } from './h264-payload'
import { readRtcp, writeNack, writePictureLoss, writeReceiverReport } from './rtcp'
import { offeredMedia } from './offered-media'
import { readRtp, type RtpPacket } from './rtp-packet'
import { RtpReorder } from './rtp-reorder'
import { RtpSender } from './rtp-sender'
import { TrackClock } from './track-clock'
import { iceServersOf } from '../whip-out/ice-servers'

const unit = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.of(0x60 | type), Buffer.alloc(length, type)])
const behindLengths = (units: Buffer[]): Buffer =>
  Buffer.concat(units.flatMap((one) => [Buffer.from([0, 0, one.length >> 8, one.length & 0xff]), one]))

test('a key picture carries what a decoder needs before it, in packets that fit everywhere', () => {
  const picture = behindLengths([unit(9, 1), unit(6, 20), unit(5, 5000), unit(12, 40)])
  const payloads = h264Payloads(picture, [unit(7, 20), unit(8, 4)]).map((parts) => Buffer.concat(parts))
  expect(payloads.map((payload) => payload[0]! & 0x1f)).toEqual([24, 6, 28, 28, 28, 28, 28])
  expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(1180)
  const pieces = payloads.slice(2)
  expect(pieces.map((payload) => payload[1]! >> 5)).toEqual([4, 0, 0, 0, 2])
  expect(pieces.reduce((sum, { length }) => sum + length - 2, 0)).toBe(5000)
  expect([...nalUnits(picture.subarray(0, 40))].map(({ length }) => length)).toEqual([2, 21])
})

test('a packet that was lost is sent again, but not for ever, and not when it is too old', () => {
  const sender = new RtpSender(102, 90_000)
  const packets = Array.from({ length: 1030 }, (_, i) => sender.write(i, [[Buffer.of(1, i)]], true)).flat()
  const sequences = packets.map((packet) => readRtp(packet)!.sequence)
  const asked = readRtcp(Buffer.concat([receiver(sender), writeNack(1, sender.ssrc, sequences.slice(1020, 1024))]))
  expect(asked.missing).toEqual([{ ssrc: sender.ssrc, sequences: sequences.slice(1020, 1024) }])
  for (let i = 0; i < 3; i++) expect(sender.again(sequences.slice(1020, 1024))).toEqual(packets.slice(1020, 1024))
  expect(sender.again(sequences.slice(1020, 1024))).toEqual([])
  expect(sender.again(sequences.slice(0, 6))).toEqual([])
})

test('what a receiver says is understood; what makes no sense changes nothing', () => {
  expect(readRtcp(writePictureLoss(1, 77)).keyWanted).toEqual([77])
  expect(readRtcp(receiver(new RtpSender(102, 90_000))).reports).toMatchObject([{ lost: 0.25 }])
  const packet = new RtpSender(1, 1).write(0, [[Buffer.alloc(30)]], true)[0]!
  fuzz(
    0.02,
    [writeNack(1, 2, [1, 5, 70]), writePictureLoss(1, 2), packet],
    (bytes) => {
      expect(readRtcp(bytes).missing.flatMap(({ sequences }) => sequences).length).toBeLessThanOrEqual(256)
      readRtp(bytes)
    },
    () => false,
  )
})

test('servers that a service names for the way through firewalls are read', () => {
  const header =
    '<stun:stun.example.net>; rel="ice-server", <turn:turn.example.net:99?transport=tcp>; rel="ice-server"; ' +
    'username="me"; credential="a, b"; credential-type="password", <https://example.net>; rel="next", <turn:x>; rel="ice-server"'
  expect(iceServersOf(header)).toEqual([
    'stun:stun.example.net:3478',
    { hostname: 'turn.example.net', port: 99, username: 'me', password: 'a, b', relayType: 'TurnTcp' },
  ])
})

function receiver(sender: RtpSender): Buffer {
  return writeReceiverReport({ own: 1, ssrc: sender.ssrc, lost: 0.25, lostInAll: 3, highest: 9 })
}

test('what is sent is put together again, in any order, and after a loss it goes on with a key picture', () => {
  const sender = new RtpSender(102, 90_000)
  const sets = [Buffer.of(0x67, 0x42, 0xe0, 0x1f, 1), Buffer.of(0x68, 1, 2)]
  const pictures = [true, false, false, true].map((key) => behindLengths([unit(key ? 5 : 1, 4000)]))
  const packets = pictures.map((data, i) =>
    sender.write(i * 3000, h264Payloads(data, i % 3 === 0 ? sets : []), true).map((bytes) => readRtp(bytes)!),
  )
  const got: AssembledPicture[] = []
  const assembler = new H264Assembler((picture) => got.push(picture))
  const order = new RtpReorder((packet) => assembler.push(packet))
  const [first, second, third, fourth] = packets as [RtpPacket[], RtpPacket[], RtpPacket[], RtpPacket[]]
  for (const packet of [...first, second[2]!, second[1]!, second[0]!, ...second.slice(3)]) order.push(packet, 0)
  expect(got.map(({ key, data }) => [key, data])).toEqual([
    [true, pictures[0]],
    [false, pictures[1]],
  ])
  expect(got[0]!.sets).toEqual({ sps: sets[0], pps: sets[1] })

  for (const packet of [...third.slice(1), ...fourth]) order.push(packet, 0)
  expect(order.missing(100)).toEqual([third[0]!.sequence])
  expect(got.length).toBe(2)
  expect(order.missing(400)).toEqual([])
  expect(got.slice(2).map(({ key }) => key)).toEqual([true])
  expect(order.lostInAll).toBe(1)
})

test('nothing that comes by RTP harms: no packet, no offer', () => {
  const samples = h264Payloads(behindLengths([unit(5, 3000)]), [unit(7, 20), unit(8, 4)]).map((parts) =>
    Buffer.concat(parts),
  )
  const assembler = new H264Assembler(({ data }) => expect(data.length).toBeLessThan(5 << 20))
  const order = new RtpReorder((packet) => assembler.push(packet))
  let sequence = 0
  fuzz(
    0.1,
    samples,
    (payload) => {
      sequence = (sequence + (payload.length % 7 === 0 ? 2 : 1)) & 0xffff
      const marker = payload.length % 5 === 0
      order.push({ payloadType: 1, marker, sequence, timestamp: sequence >> 3, ssrc: 1, payload }, sequence)
      order.missing(sequence)
    },
    () => false,
  )
  const offer = Buffer.from(
    'v=0\r\nm=video 9 UDP 97\r\na=mid:0\r\na=rtpmap:97 H264/90000\r\na=fmtp:97 packetization-mode=1\r\n',
  )
  fuzz(
    0.05,
    [offer],
    (bytes) => void offeredMedia(bytes.toString(), '64'),
    (error) => error instanceof StudioError,
  )
})

test('times of a track grow evenly when its sender puts its clock right', () => {
  const clock = new TrackClock(90_000)
  expect(clock.timeOf(0)).toBeNull()
  clock.set(5_000, 0xffff_0000) // the stamps wrap on the way
  const times: number[] = []
  for (let i = 0; i < 300; i++) {
    if (i === 30) clock.set(5_000 + 1_000 - 360, (0xffff_0000 + 90_000) % 2 ** 32)
    times.push(clock.timeOf((0xffff_0000 + i * 3_000) % 2 ** 32)!)
  }
  const steps = times.slice(1).map((time, i) => time - times[i]!)
  expect(Math.min(...steps)).toBeCloseTo(30, 3)
  expect(Math.max(...steps)).toBeCloseTo(100 / 3, 3)
  expect(times[299]).toBeCloseTo(5_000 + 299 * (100 / 3) - 360, 3)
})
