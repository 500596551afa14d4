import { z } from 'zod'

/** One line of what a signature does. `address` is shown beside the value; the sheet gets it checksummed. */
export const SignDetail = z.object({ label: z.string(), value: z.string(), address: z.string().nullable() })
export type SignDetail = z.infer<typeof SignDetail>

/** A signature in words: what it does, to whom, how much, the fee, the limit left, the total after it. */
export const SignWords = z.object({
  /** A verb and its object: "Send 5 WE". */
  title: z.string(),
  details: z.array(SignDetail).max(20),
  /** What the person should stop at; null: nothing. */
  warning: z.string().nullable(),
})
export type SignWords = z.infer<typeof SignWords>

/** A line without an address. */
export function detail(label: string, value: string, address: string | null = null): SignDetail {
  return { label, value, address }
}
