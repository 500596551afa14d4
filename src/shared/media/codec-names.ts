/**
 * Profile, constraints and level of H.264 as six hexadecimal digits, e.g. `64001f`: so RFC 6381 names the codec and RFC 6184
 * (8.1, profile-level-id) the format.
 * @param avcC AVCDecoderConfigurationRecord, ISO/IEC 14496-15, 5.3.3.1.2
 */
export function h264Profile(avcC: Uint8Array): string {
  return [...avcC.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** RFC 6381, e.g. `avc1.64001f`. @param avcC AVCDecoderConfigurationRecord */
export function pictureCodec(avcC: Uint8Array): string {
  return `avc1.${h264Profile(avcC)}`
}

/** RFC 6381, e.g. `mp4a.40.2`. @param asc AudioSpecificConfig, ISO/IEC 14496-3, 1.6.2.1 */
export function soundCodec(asc: Uint8Array): string {
  return `mp4a.40.${(asc[0] ?? 0) >> 3}`
}
