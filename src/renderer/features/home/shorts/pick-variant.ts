import type { BodyOf } from '@shared/community/body-schema'

type Variant = BodyOf<'video'>['variants'][number]

/** The smallest that fills the space, else the largest. @param space pixels of the longer side on the screen */
export function pickVariant(variants: readonly Variant[], space: number): Variant {
  const side = ({ w, h }: Variant): number => Math.max(w, h)
  const sorted = [...variants].sort((a, b) => side(a) - side(b) || a.br - b.br)
  return sorted.find((one) => side(one) >= space * 0.9) ?? sorted.at(-1)!
}
