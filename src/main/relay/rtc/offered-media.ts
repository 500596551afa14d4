import { StudioError } from '@shared/errors'

/** One line of an offer that is taken up, with the payload number that it stands for there. */
export interface OfferedLine {
  mid: string
  payloadType: number
  /** What the offer says of the format (`a=fmtp`), repeated in the answer. */
  format: string
}

export interface OfferedMedia {
  picture: OfferedLine
  sound: OfferedLine | null
}

/** Offers of browsers with all their codecs are below 15 KB. */
export const MAX_OFFER = 64 * 1024
const MAX_LINES = 8

/**
 * The first line for H.264 and the first for Opus of an offer (RFC 8866, RFC 6184, 8.2). Of several formats of H.264 the
 * one of the wanted profile is taken, then the plainest; packetization mode 0 knows no large pictures and is left aside.
 * @param profile profile_idc that is wanted, two hexadecimal digits; null: any
 * @throws StudioError `bad-offer`, `not-h264`
 */
export function offeredMedia(offer: string, profile: string | null): OfferedMedia {
  if (offer.length > MAX_OFFER || !offer.startsWith('v=0')) throw badOffer()
  const sections = offer.split(/\r?\n(?=m=)/).slice(1)
  if (sections.length === 0 || sections.length > MAX_LINES) throw badOffer()
  let picture: OfferedLine | null = null
  let sound: OfferedLine | null = null
  for (const section of sections) {
    const mid = /^a=mid:([\w.-]{1,32})\s*$/m.exec(section)?.[1]
    if (mid === undefined) throw badOffer()
    if (section.startsWith('m=video')) picture ??= h264Line(section, mid, profile)
    if (section.startsWith('m=audio')) sound ??= linesOf(section, 'opus/48000', mid)[0] ?? null
  }
  if (!picture) {
    throw new StudioError('not-h264', 'The offer has no H.264 picture. Choose H.264 as video encoder.')
  }
  return { picture, sound }
}

function h264Line(section: string, mid: string, profile: string | null): OfferedLine | null {
  const lines = linesOf(section, 'h264/90000', mid).filter(({ format }) => /packetization-mode=1/.test(format))
  const ofProfile = (wanted: string): OfferedLine | undefined =>
    lines.find(({ format }) => new RegExp(`profile-level-id=${wanted}`, 'i').test(format))
  return (profile === null ? undefined : ofProfile(profile)) ?? ofProfile('42e0') ?? lines[0] ?? null
}

function linesOf(section: string, codec: string, mid: string): OfferedLine[] {
  return [...section.matchAll(/^a=rtpmap:(\d{1,3}) (\S{1,40})/gm)].flatMap(([, number, name]) => {
    const payloadType = Number(number)
    if (payloadType > 127 || !name!.toLowerCase().startsWith(codec)) return []
    const format = new RegExp(`^a=fmtp:${payloadType} (.{0,400}?)\\s*$`, 'm').exec(section)?.[1] ?? ''
    return [{ mid, payloadType, format }]
  })
}

function badOffer(): StudioError {
  return new StudioError('bad-offer', 'This is no offer that WebRTC understands.')
}
