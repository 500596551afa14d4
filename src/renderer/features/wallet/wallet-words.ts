import type { MovementView } from '@shared/ipc/wallet-schema'

/** `0x1234…cdef`, for lists; whole addresses are shown where they matter. */
export function shortAddress(shown: string): string {
  return `${shown.slice(0, 6)}…${shown.slice(-4)}`
}

/** Where a movement went, for its second line. */
export function movementDetail({ kind, otherName, otherShown, auto, at, elsewhere }: MovementView): string {
  const who = otherName ?? (otherShown === null ? null : shortAddress(otherShown))
  const when = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  const isIncome = kind === 'received' || kind === 'earned'
  const how = isIncome ? null : auto ? 'without asking' : 'you agreed'
  const where = elsewhere === null ? null : `on ${elsewhere}`
  const from = isIncome && who !== null ? `from ${who}` : who
  return [from, when, how, where].filter((part) => part !== null).join(' · ')
}

/** The name of where a secret is kept, in words. */
export function keptWords(keptBy: string | null): string {
  if (keptBy === null || keptBy === 'file') return 'in a file on this computer'
  return 'by your system’s key store'
}
