import { pictureCodec, soundCodec } from '@shared/media/codec-names'
import { moviePart, movieStart } from '@shared/media/fmp4-writer'
import type { LivePacket, StreamConfig } from '../live-packet'
import { PICTURE_RATE } from '../stream-clock'

/** `ftyp` and `moov` of a live. */
export function liveStart({ picture, sound }: StreamConfig): Uint8Array {
  return movieStart(picture && { ...picture, timescale: PICTURE_RATE, sampleTicks: PICTURE_RATE / 30 }, sound)
}

/** RFC 6381 names of the codecs, e.g. `avc1.64001f,mp4a.40.2`. */
export function codecsOf({ picture, sound }: StreamConfig): string {
  return [...(picture ? [pictureCodec(picture.avcC)] : []), ...(sound ? [soundCodec(sound.asc)] : [])].join(',')
}

/**
 * Packets in the order of decoding as `moof` + `mdat`. The last picture is shown for `lastTicks`, since the next one is
 * not there yet; where that was wrong, the next fragment's own time says so.
 */
export function liveFragment(sequence: number, packets: readonly LivePacket[], lastTicks: number): Uint8Array {
  const pictures = packets.filter(({ track }) => track === 'picture')
  const sound = packets.filter(({ track }) => track === 'sound')
  const samples = pictures.map((packet, i) => ({
    data: packet.data,
    key: packet.key,
    ticks: (pictures[i + 1]?.ticks ?? packet.ticks + lastTicks) - packet.ticks,
    offset: Math.round((packet.offsetMs * PICTURE_RATE) / 1000),
  }))
  return moviePart(
    sequence,
    { at: pictures[0]?.ticks ?? 0, samples },
    { at: sound[0]?.ticks ?? 0, frames: sound.map(({ data }) => data) },
  )
}
