import type { Expression } from './expression'
import type { HeadPose } from './head-pose'
import { hash01, smoothstep } from './noise'

/** Everything that moves, at one moment. */
export interface Presence {
  pose: HeadPose
  expression: Expression
  /** Where the eyes look: radians right and up. */
  gazeX: number
  gazeY: number
  /** -1 breathed out .. 1 breathed in. */
  breath: number
}

/** What the voice does at one moment, from the sound itself. */
export interface VoiceShape {
  /** 0 silent .. 1 loudest. */
  loudness: number
  /** -1 rounded vowel .. 1 spread vowel. */
  spread: number
  /** 0 .. 1 how much the present word is stressed. */
  stress: number
}

/** A person who talks to the camera: slow sway, nods on stressed words, blinks, small looks aside. */
export function presenceAt(seconds: number, voice: VoiceShape): Presence {
  const wave = (period: number, phase: number): number => Math.sin((2 * Math.PI * seconds) / period + phase)
  const talk = voice.stress
  const gaze = gazeAt(seconds)
  return {
    pose: {
      yaw: 0.115 * wave(7.3, 0.4) + 0.06 * wave(3.1, 1.1) + 0.02 * wave(1.7, 0.2) + gaze.x * 0.25,
      pitch: 0.035 * wave(5.3, 2.2) + 0.02 * wave(2.3, 0.3) - 0.05 * talk - 0.01,
      roll: 0.045 * wave(6.1, 0.9) + 0.02 * wave(2.7, 2.4),
      x: 0.5 * wave(9.7, 0.1) + 0.15 * wave(3.7, 1.9),
      y: 0.14 * wave(4.1, 0.7) - 0.1 * talk,
      z: 0.6 * wave(8.3, 1.3),
    },
    expression: {
      mouth: voice.loudness,
      spread: voice.spread,
      smile: 0.35 + 0.2 * wave(11.3, 0.6),
      blink: blinkAt(seconds),
      brows: 0.15 + 0.25 * wave(6.7, 1.7) + 0.6 * talk,
    },
    gazeX: gaze.x,
    gazeY: gaze.y,
    breath: wave(4.3, 0),
  }
}

/** One blink at a random place in every cell of 2.9 s; shuts in 80 ms, opens in 170 ms. */
function blinkAt(seconds: number): number {
  const cell = Math.floor(seconds / 2.9)
  const at = cell * 2.9 + 0.4 + 2 * hash01(cell, 5)
  const since = seconds - at
  if (since < 0 || since > 0.29) return 0
  return since < 0.1 ? smoothstep(0, 0.08, since) : smoothstep(0.29, 0.12, since)
}

/** Looks mostly into the lens; every 1.9 s the eyes may jump a little aside. */
function gazeAt(seconds: number): { x: number; y: number } {
  const length = 1.9
  const cell = Math.floor(seconds / length)
  const aim = (n: number): { x: number; y: number } =>
    hash01(n, 21) < 0.55 ? { x: 0, y: 0 } : { x: (hash01(n, 22) - 0.5) * 0.36, y: (hash01(n, 23) - 0.6) * 0.14 }
  const from = aim(cell - 1)
  const to = aim(cell)
  const t = smoothstep(0, 0.06, seconds - cell * length)
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t }
}
