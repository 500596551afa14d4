/** What the line to the viewers carries, as the sender sees it; about four times a second while somebody watches. */
export interface UplinkSample {
  /** Milliseconds of a clock that only grows. */
  atMs: number
  /** How long what is published waits until it is through, on the middle one of the viewers' links, milliseconds. */
  queuedMs: number
  /** The most that link has carried while it was waiting, kilobits a second; null: it did not wait, so nobody knows. */
  carriedKbps: number | null
  /** Links that were measured. */
  links: number
}
