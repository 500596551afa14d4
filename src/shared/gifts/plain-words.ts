import { z } from 'zod'

/** Words of a stranger: no control characters, no direction marks, so that they rewrite nothing that stands beside them. */
export const plainWords = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
