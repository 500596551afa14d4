/** Words of a key grant that entries of a kind need; every other kind needs `record`. */
const SCOPES = new Map([
  ['live', 'live'],
  ['segbatch', 'live'],
  ['chat', 'chat'],
  ['room', 'chat'],
  ['gift', 'gift'],
  ['purchase', 'gift'],
])

/** The word that the grant of a device must have for entries of this kind. */
export function scopeOfKind(kind: string): string {
  return SCOPES.get(kind) ?? 'record'
}
