const MAX_BASE = 40

/**
 * Name of the own live in addresses of the relay: its title in plain letters, digits and `-`, at most 48; `live` when
 * nothing of the title can be said so. Never one of `taken`: those belong to stream keys, whose owners may come any time.
 */
export function relayLiveName(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_BASE)
    .replace(/^-+|-+$/g, '')
  const base = plain || 'live'
  let name = base
  for (let next = 2; taken.includes(name); next++) name = `${base}-${next}`
  return name
}
