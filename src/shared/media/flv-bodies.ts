/** Bodies of FLV tags, which are also RTMP's media messages (Adobe FLV specification 10.1, annex E.4.2 and E.4.3). */

const KEY = 0x10
const INTER = 0x20
const AVC = 7
/** AAC, 44 kHz, 16 bits, stereo: fixed for AAC, whatever the sound is. */
const AAC = 0xaf

/** Tells the decoder's record (AVCDecoderConfigurationRecord) before the first picture. */
export function avcHeaderBody(avcC: Uint8Array): Uint8Array {
  return behind([KEY | AVC, 0, 0, 0, 0], avcC)
}

/** One picture, NAL units behind their lengths; without reordering, so that it is shown when it is decoded. */
export function avcBody(data: Uint8Array, key: boolean): Uint8Array {
  return behind([(key ? KEY : INTER) | AVC, 1, 0, 0, 0], data)
}

/** Tells the AudioSpecificConfig before the first frame. */
export function aacHeaderBody(asc: Uint8Array): Uint8Array {
  return behind([AAC, 0], asc)
}

/** One raw AAC frame. */
export function aacBody(data: Uint8Array): Uint8Array {
  return behind([AAC, 1], data)
}

function behind(head: number[], data: Uint8Array): Uint8Array {
  const body = new Uint8Array(head.length + data.length)
  body.set(head)
  body.set(data, head.length)
  return body
}
