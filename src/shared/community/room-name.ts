const OWNED = /^(?:chan:)?(0x[0-9a-f]{40})\/./

/**
 * Whose room it is, by its name alone, so that nobody else's rules count: `0x<account>/<anything>` of a live,
 * `chan:0x<account>/<slug>` of a channel. Null for rooms of nobody: they are open and without rules.
 */
export function roomOwner(room: string): string | null {
  return OWNED.exec(room)?.[1] ?? null
}
