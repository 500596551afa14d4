import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { hash01, smoothstep } from './noise'
import type { VoiceShape } from './presence'

/** One sound of speech: formant frequencies and how it is made. */
interface Phone {
  /** First three formants, Hz: Peterson and Barney 1952, mean of men and women for vowels. */
  formants: readonly [number, number, number]
  /** Level of the voice and of breath noise, 0..1. */
  voiced: number
  noise: number
  /** -1 rounded lips .. 1 spread. */
  spread: number
}

const PHONES: Record<string, Phone> = {
  a: { formants: [790, 1220, 2650], voiced: 1, noise: 0, spread: 0.1 },
  e: { formants: [560, 1980, 2750], voiced: 0.95, noise: 0, spread: 0.7 },
  i: { formants: [300, 2500, 3150], voiced: 0.85, noise: 0, spread: 0.9 },
  o: { formants: [560, 920, 2600], voiced: 0.95, noise: 0, spread: -0.7 },
  u: { formants: [340, 950, 2500], voiced: 0.8, noise: 0, spread: -1 },
  r: { formants: [480, 1350, 1750], voiced: 0.7, noise: 0, spread: -0.3 },
  l: { formants: [380, 1150, 2800], voiced: 0.6, noise: 0, spread: 0.2 },
  m: { formants: [270, 1100, 2300], voiced: 0.4, noise: 0, spread: 0 },
  n: { formants: [280, 1600, 2600], voiced: 0.42, noise: 0, spread: 0.3 },
  w: { formants: [320, 720, 2300], voiced: 0.6, noise: 0, spread: -1 },
  d: { formants: [300, 1700, 2700], voiced: 0.25, noise: 0.06, spread: 0.3 },
  g: { formants: [280, 1500, 2300], voiced: 0.22, noise: 0.05, spread: 0 },
  s: { formants: [400, 1800, 4600], voiced: 0, noise: 0.3, spread: 0.6 },
  t: { formants: [350, 1800, 3600], voiced: 0, noise: 0.22, spread: 0.4 },
  k: { formants: [350, 1600, 2500], voiced: 0, noise: 0.2, spread: 0 },
  h: { formants: [600, 1500, 2600], voiced: 0.1, noise: 0.14, spread: 0 },
}

/**
 * What is "said": invented words, so that nobody looks for a meaning. A dash is a pause, a comma a short one; capital
 * letters are stressed.
 */
const SCRIPT =
  'helO anI wan, wEl komA tu Di lumIna ---- toDe wi tAl kabu tO nArin sol, an hau Da lIna gOs - ' +
  'mA niRa lE so, dI ta naro wAna kil ---- su lEt mi ro tU nado, An dEn I ral so rA nimEl ----- '

/** Seconds of a speech that repeats; sound and mouth both come from it. */
const ENVELOPE_RATE = 200

/** A voice made by formant synthesis (Klatt 1980, parallel branch), the same for every run. */
export class Voice {
  private readonly mono: Int16Array
  private readonly loudness: Float32Array
  private readonly spread: Float32Array
  private readonly stress: Float32Array

  constructor() {
    const phones = plan(SCRIPT)
    const seconds = Math.ceil(phones.reduce((sum, phone) => sum + phone.seconds, 0) * 2) / 2
    const points = Math.round(seconds * ENVELOPE_RATE)
    this.spread = new Float32Array(points)
    this.stress = new Float32Array(points)
    this.mono = synthesize(phones, Math.round(seconds * AUDIO_RATE), this.spread, this.stress)
    this.loudness = envelope(this.mono, points)
    smooth(this.spread, 8)
    smooth(this.stress, 24)
  }

  /** Stereo interleaved samples at 48 kHz from pair `start` on; any start, any count, same result for the same index. */
  pcm(start: number, count: number): Int16Array {
    const out = new Int16Array(count * AUDIO_CHANNELS)
    const length = this.mono.length
    for (let i = 0; i < count; i++) {
      const sample = this.mono[(start + i) % length]!
      out[i * 2] = sample
      // A little of the room: the right ear hears the voice again, softer and 11 ms later.
      out[i * 2 + 1] = (sample * 0.86 + this.mono[(start + i + length - 528) % length]! * 0.12) | 0
    }
    return out
  }

  /** The mouth that belongs to a moment. Lips start to part about 40 ms before the sound. */
  shapeAt(seconds: number): VoiceShape {
    const points = this.loudness.length
    const place = (seconds + 0.04) * ENVELOPE_RATE
    const low = Math.floor(place)
    const f = place - low
    const at = (plane: Float32Array): number => plane[low % points]! * (1 - f) + plane[(low + 1) % points]! * f
    return { loudness: at(this.loudness), spread: at(this.spread), stress: at(this.stress) }
  }
}

interface Spoken {
  phone: Phone | null
  seconds: number
  stressed: boolean
}

function plan(script: string): Spoken[] {
  return Array.from(script).flatMap((letter, i): Spoken[] => {
    if (letter === '-') return [{ phone: null, seconds: 0.34, stressed: false }]
    if (letter === ',') return [{ phone: null, seconds: 0.22, stressed: false }]
    if (letter === ' ') return [{ phone: null, seconds: 0.025, stressed: false }]
    const phone = PHONES[letter.toLowerCase()] ?? PHONES['l']!
    const vowel = 'aeiou'.includes(letter.toLowerCase())
    const stressed = vowel && letter !== letter.toLowerCase()
    const seconds = (vowel ? (stressed ? 0.19 : 0.115) : 0.07) * (0.9 + 0.25 * hash01(i, 201))
    return [{ phone, seconds, stressed }]
  })
}

/** Two-pole resonator, unity gain at its peak (Klatt 1980, eq. 1). */
class Resonator {
  private a = 0
  private b = 0
  private c = 0
  private y1 = 0
  private y2 = 0

  tune(frequency: number, bandwidth: number): void {
    const r = Math.exp((-Math.PI * bandwidth) / AUDIO_RATE)
    this.c = -r * r
    this.b = 2 * r * Math.cos((2 * Math.PI * frequency) / AUDIO_RATE)
    this.a = (1 - r) * Math.sqrt(1 - 2 * r * Math.cos((4 * Math.PI * frequency) / AUDIO_RATE) + r * r)
  }

  run(x: number): number {
    const y = this.a * x + this.b * this.y1 + this.c * this.y2
    this.y2 = this.y1
    this.y1 = y
    return y
  }
}

const LEVELS = [1, 0.62, 0.3, 0.12] as const
const WIDTHS = [80, 100, 150, 260] as const

function synthesize(phones: Spoken[], samples: number, spread: Float32Array, stress: Float32Array): Int16Array {
  const out = new Float32Array(samples)
  const bank = LEVELS.map(() => new Resonator())
  // Everything glides toward the present phone with a time constant of about 18 ms, as a tongue does.
  const now = { f: [500, 1500, 2500], voiced: 0, noise: 0, pitch: 165, spread: 0, stress: 0 }
  let phase = 0
  let glottis = 0
  let index = 0
  let left = phones[0]!.seconds
  const block = 48
  for (let start = 0; start < samples; start += block) {
    const seconds = start / AUDIO_RATE
    while (left <= 0 && index < phones.length - 1) left += phones[++index]!.seconds
    const spoken = phones[index]!
    const over = left <= 0
    left -= block / AUDIO_RATE
    const { phone } = spoken
    const glide = 0.055
    if (phone && !over) for (let k = 0; k < 3; k++) now.f[k]! += (phone.formants[k]! - now.f[k]!) * glide
    now.voiced += ((over ? 0 : (phone?.voiced ?? 0)) * (spoken.stressed ? 1.25 : 0.9) - now.voiced) * 0.07
    now.noise += ((over ? 0 : (phone?.noise ?? 0)) - now.noise) * 0.12
    now.spread += ((phone?.spread ?? 0) - now.spread) * 0.05
    now.stress += ((spoken.stressed ? 1 : 0) - now.stress) * 0.012
    const tune = 168 + 16 * Math.sin(seconds * 1.3) + 9 * Math.sin(seconds * 3.7) + 42 * now.stress
    now.pitch += (tune - now.pitch) * 0.03
    const point = Math.min(spread.length - 1, Math.floor(seconds * ENVELOPE_RATE))
    spread[point] = now.spread
    stress[point] = now.stress
    bank.forEach((resonator, k) => resonator.tune(k < 3 ? now.f[k]! : 3700, WIDTHS[k]!))
    for (let i = start; i < Math.min(samples, start + block); i++) {
      phase += (now.pitch * (1 + 0.004 * Math.sin(i * 0.0007))) / AUDIO_RATE
      if (phase >= 1) phase -= 1
      // Opening, closing, closed: the derivative of the flow is what the mouth filters (Rosenberg 1971).
      const flow = phase < 0.4 ? smoothstep(0, 0.4, phase) : phase < 0.56 ? 1 - ((phase - 0.4) / 0.16) ** 2 : 0
      const pulse = (flow - glottis) * 9
      glottis = flow
      const hiss = hash01(i, 77) * 2 - 1
      const source = pulse * now.voiced + hiss * now.voiced * 0.03 * flow
      let sum = 0
      for (let k = 0; k < bank.length; k++) {
        const frication = hiss * now.noise * (k < 2 ? 0.15 : 1.6)
        sum += bank[k]!.run(source + frication) * LEVELS[k]! * (k % 2 === 0 ? 1 : -1)
      }
      out[i] = sum
    }
  }
  return normalize(out)
}

function normalize(wave: Float32Array): Int16Array {
  let peak = 1e-9
  for (const value of wave) peak = Math.max(peak, Math.abs(value))
  const pcm = new Int16Array(wave.length)
  const fade = AUDIO_RATE / 50
  for (let i = 0; i < pcm.length; i++) {
    // Silent ends, so that the repeat is not heard; a breath of room noise keeps the silence alive.
    const edge = Math.min(1, i / fade, (pcm.length - 1 - i) / fade)
    pcm[i] = Math.round(((0.5 * wave[i]!) / peak) * 32767 * edge + (hash01(i, 78) - 0.5) * 14)
  }
  return pcm
}

/** Loudness 0..1 for the mouth: RMS of 20 ms, roughly as the ear hears it, then smoothed. */
function envelope(pcm: Int16Array, points: number): Float32Array {
  const loudness = new Float32Array(points)
  const step = AUDIO_RATE / ENVELOPE_RATE
  let peak = 1e-9
  for (let p = 0; p < points; p++) {
    let sum = 0
    const from = Math.max(0, p * step - 480)
    const to = Math.min(pcm.length, p * step + 480)
    for (let i = from; i < to; i++) sum += pcm[i]! * pcm[i]!
    loudness[p] = Math.pow(sum / (to - from), 0.35)
    peak = Math.max(peak, loudness[p]!)
  }
  for (let p = 0; p < points; p++) loudness[p] = smoothstep(0.12, 1.05, loudness[p]! / peak)
  smooth(loudness, 5)
  return loudness
}

/** Circular moving average, two passes. */
function smooth(plane: Float32Array, radius: number): void {
  const count = plane.length
  for (let pass = 0; pass < 2; pass++) {
    const source = plane.slice()
    for (let i = 0; i < count; i++) {
      let sum = 0
      for (let k = -radius; k <= radius; k++) sum += source[(i + k + count) % count]!
      plane[i] = sum / (2 * radius + 1)
    }
  }
}
