import { smoothStep } from '../face-region'
import type { SkinGate, ToneFade } from '../pixel-kernel'
import type { WorkingGrid } from '../working-grid'

/** See `PixelKernel.fadeTone`. */
export function fadeTone({ width, height, tone }: WorkingGrid, { p0, px, py, q0, qx, qy }: ToneFade): void {
  let at = 0
  for (let y = 0; y < height; y++) {
    let p = p0 + y * py
    let q = q0 + y * qy
    for (let x = 0; x < width; x++, at++, p += px, q += qx) {
      const distance = p * p + q * q
      if (distance >= 1) tone[at] = 0
      else {
        const t = Math.min((1 - distance) * 1.9, 1)
        tone[at] = t * t * (3 - 2 * t)
      }
    }
  }
}

/** See `PixelKernel.gateSkin`. Samples outside of the ellipse are no skin. */
export function gateSkin(grid: WorkingGrid, look: SkinGate): void {
  const { luma, u, v, texture, skin, tone, weight, gate, holes, toneless } = grid
  const {
    axisU,
    axisV,
    chroma,
    backwards,
    forwards,
    sideways,
    strictly,
    darkFrom,
    darkTo,
    roughFrom,
    roughTo,
    shaded,
  } = look
  const overRough = 1 / (roughTo - roughFrom)
  const count = grid.width * grid.height
  for (let i = 0; i < count; i++) {
    const light = luma[i]!
    if (tone[i] === 0 || light <= darkFrom) {
      weight[i] = gate[i] = 0
      if (holes[i]! > 0) skin[i]! *= Math.max(1 - holes[i]!, 0)
      continue
    }
    const pu = u[i]! - 128
    const pv = v[i]! - 128
    const along = pu * axisU + pv * axisV - chroma
    const darker = 1 + shaded * Math.max(look.luma - light, 0)
    const aside = (pu * axisV - pv * axisU) * (skin[i]! > 0 ? sideways * darker : strictly)
    const off = along * (along < 0 ? backwards : forwards)
    const distance = aside * aside + off * off
    // 1 up to a distance of 0.7, 0 from 1.5 on.
    const near = distance <= 0.5 ? 1 : distance >= 2.25 ? 0 : (2.25 - distance) / 1.75
    const bright = light >= darkTo ? 1 : smoothStep(darkFrom, darkTo, light)
    const open = Math.max(1 - holes[i]!, 0)
    skin[i]! *= open
    const even = Math.min(Math.max((roughTo - texture[i]!) * overRough, 0), 1)
    const looks = near * bright * even
    weight[i] = looks * open
    gate[i] = looks * Math.max(1 - toneless[i]!, 0)
  }
}

/** See `PixelKernel.closeMasks`. */
export function closeMasks({ width, height, skin, tone, gate }: WorkingGrid): void {
  const count = width * height
  for (let i = 0; i < count; i++) {
    const fade = tone[i]!
    const soft = gate[i]!
    skin[i]! *= soft * (fade < 0.2 ? 5 * fade : 1)
    tone[i] = fade * soft
  }
}
