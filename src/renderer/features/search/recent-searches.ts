const KEY = 'we.search.recent'
const MOST = 8

/** What was searched for, newest first; it stays on this computer. */
export function loadRecent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

export function saveRecent(recent: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(recent))
  } catch {
    // a full store: the next start knows nothing, which hurts nobody
  }
}
