import type { OwnLookId } from '@shared/media/look-settings'
import { unit, type ColourMap } from './colour-map'

/**
 * Our own looks, each a few steps of a colourist: contrast, colour strength, colder or warmer, tones in the shadows and
 * the lights. Where a look is strong, skin keeps part of its own colour (`keepSkin`), so that faces stay believable.
 */
export const OWN_LOOK_MAPS: Record<OwnLookId, ColourMap> = {
  clear: keepSkin(0.5, inTurn(contrast(0.3), gain(1, 1.005, 1.03), brighten(0.12), saturate(1.04))),
  soft: inTurn(
    contrast(-0.22),
    brighten(0.14),
    saturate(0.9),
    lift(0.035),
    toned([0.006, 0, 0.012], [0.016, 0.006, 0]),
  ),
  rose: inTurn(brighten(0.1), saturate(0.94), toned([0.034, -0.01, 0.02], [0.032, -0.014, 0.012]), lift(0.02)),
  peach: inTurn(brighten(0.14), saturate(0.94), toned([0.022, 0.004, -0.004], [0.038, 0.01, -0.018]), lift(0.025)),
  warm: keepSkin(0.3, inTurn(contrast(0.12), gain(1.06, 1.008, 0.9), brighten(0.04))),
  golden: keepSkin(
    0.5,
    inTurn(
      contrast(0.16),
      gain(1.06, 1.012, 0.87),
      toned([0.006, -0.004, -0.012], [0.036, 0.02, -0.03]),
      brighten(0.05),
    ),
  ),
  cool: keepSkin(0.35, inTurn(contrast(0.14), gain(0.93, 1, 1.07), saturate(0.95))),
  vivid: keepSkin(0.7, inTurn(contrast(0.38), brighten(0.05), vibrance(0.28), saturate(1.12))),
  film: inTurn(
    contrast(0.42),
    saturate(0.82),
    toned([-0.026, 0.012, 0.022], [0.036, 0.014, -0.034]),
    lift(0.055),
    gain(0.98, 0.98, 0.96),
  ),
  fade: inTurn(contrast(-0.12), saturate(0.7), lift(0.11), toned([0.004, 0.006, 0.026], [0.014, 0.004, -0.016])),
  teal: keepSkin(0.6, inTurn(contrast(0.3), toned([-0.075, 0.028, 0.06], [0.028, 0.004, -0.028]), saturate(1.02))),
  night: keepSkin(
    0.52,
    inTurn(brighten(-0.16), contrast(0.22), saturate(0.8), toned([-0.024, -0.002, 0.055], [-0.02, 0, 0.035])),
  ),
  sepia: inTurn(
    saturate(0.06),
    contrast(0.16),
    gain(1.06, 0.965, 0.8),
    toned([0.02, 0, -0.015], [0, 0, 0]),
    lift(0.03),
  ),
  silver: inTurn(saturate(0), contrast(-0.1), brighten(0.14), lift(0.06)),
  noir: inTurn(saturate(0), contrast(0.75), brighten(-0.04)),
}

function inTurn(...steps: ColourMap[]): ColourMap {
  return (colour) => {
    for (const step of steps) step(colour)
    for (let channel = 0; channel < 3; channel++) colour[channel] = unit(colour[channel]!)
  }
}

/** BT.601, as the engine's frames have it. */
function luma(colour: Float64Array): number {
  return 0.299 * colour[0]! + 0.587 * colour[1]! + 0.114 * colour[2]!
}

function eachChannel(curve: (value: number) => number): ColourMap {
  return (colour) => {
    for (let channel = 0; channel < 3; channel++) colour[channel] = curve(unit(colour[channel]!))
  }
}

/** An S about the middle, ends kept; -1 to 1, below 0 it flattens. */
function contrast(strength: number): ColourMap {
  return eachChannel((x) => x + strength * 2 * x * (1 - x) * (x - 0.5))
}

/** Middle tones up (or down, below 0), ends kept; -1 to 1. */
function brighten(strength: number): ColourMap {
  return eachChannel((x) => x + strength * x * (1 - x))
}

/** Black becomes a dark grey, as on faded prints; white stays. */
function lift(black: number): ColourMap {
  return eachChannel((x) => black + (1 - black) * x)
}

function gain(red: number, green: number, blue: number): ColourMap {
  return (colour) => {
    colour[0]! *= red
    colour[1]! *= green
    colour[2]! *= blue
  }
}

/** 0 is grey, 1 leaves the colour. */
function saturate(factor: number): ColourMap {
  return (colour) => {
    const grey = luma(colour)
    for (let channel = 0; channel < 3; channel++) colour[channel] = grey + (colour[channel]! - grey) * factor
  }
}

/** Strengthens pale colours more than strong ones. */
function vibrance(strength: number): ColourMap {
  return (colour) => {
    const spread = Math.max(colour[0]!, colour[1]!, colour[2]!) - Math.min(colour[0]!, colour[1]!, colour[2]!)
    const factor = 1 + strength * (1 - unit(spread))
    const grey = luma(colour)
    for (let channel = 0; channel < 3; channel++) colour[channel] = grey + (colour[channel]! - grey) * factor
  }
}

type Tone = readonly [number, number, number]

/** Adds one colour to the shadows and another to the lights; black and white themselves stay nearly clean. */
function toned(shadows: Tone, lights: Tone): ColourMap {
  return (colour) => {
    const x = unit(luma(colour))
    const share = x * x * (3 - 2 * x)
    // 1 in the middle of each half, falling to black and white.
    const dark = (1 - share) * unit(x * 5 + 0.25)
    const light = share * unit((1 - x) * 4 + 0.3)
    for (let channel = 0; channel < 3; channel++) {
      colour[channel] = unit(colour[channel]! + shadows[channel]! * dark + lights[channel]! * light)
    }
  }
}

/** Direction of skin in the U, V plane (123 degrees, the "skin line" of vectorscopes) and how far from it still counts. */
const SKIN_ANGLE = (123 * Math.PI) / 180
const SKIN_U = Math.cos(SKIN_ANGLE)
const SKIN_V = Math.sin(SKIN_ANGLE)
const SKIN_WIDTH = 0.6

/** Skin keeps `share` of its own colour; light and dark follow the look. */
function keepSkin(share: number, map: ColourMap): ColourMap {
  return (colour) => {
    const [r, g, b] = [colour[0]!, colour[1]!, colour[2]!]
    const y = luma(colour)
    const u = 0.564 * (b - y)
    const v = 0.713 * (r - y)
    map(colour)
    const strength = Math.hypot(u, v)
    // Greys and pale walls follow the look; dark skin has little colour in figures, so it is compared with its luma.
    const coloured = unit((strength / (y + 0.15) - 0.03) / 0.08)
    if (coloured === 0) return
    const away = Math.acos(Math.min(1, (u * SKIN_U + v * SKIN_V) / strength))
    const near = unit(1 - away / SKIN_WIDTH)
    const kept = share * coloured * near * near * (3 - 2 * near)
    const lighter = luma(colour) - y
    colour[0]! += (r + lighter - colour[0]!) * kept
    colour[1]! += (g + lighter - colour[1]!) * kept
    colour[2]! += (b + lighter - colour[2]!) * kept
  }
}
