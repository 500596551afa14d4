const RATE = 48_000

/** Any sound of Chromium's as s16le, 48 kHz, 2 channels; another rate is interpolated. */
export function pcmOf(data: AudioData): Uint8Array<ArrayBuffer> {
  const channels = [0, Math.min(1, data.numberOfChannels - 1)].map((planeIndex) => {
    const samples = new Float32Array(data.numberOfFrames)
    data.copyTo(samples, { planeIndex, format: 'f32-planar' })
    return samples
  })
  const step = data.sampleRate / RATE
  const count = Math.round(data.numberOfFrames / step)
  const bytes = new Uint8Array(count * 4)
  const pairs = new DataView(bytes.buffer)
  for (let index = 0; index < count; index++) {
    const at = Math.min(data.numberOfFrames - 1, index * step)
    const before = Math.floor(at)
    const after = Math.min(data.numberOfFrames - 1, before + 1)
    channels.forEach((samples, channel) => {
      const value = (samples[before] ?? 0) * (1 - at + before) + (samples[after] ?? 0) * (at - before)
      pairs.setInt16(index * 4 + channel * 2, Math.round(Math.max(-1, Math.min(1, value)) * 32_767), true)
    })
  }
  return bytes
}
