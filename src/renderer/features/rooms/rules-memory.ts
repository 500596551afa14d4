const KEY = 'room-rules-read'
const MOST = 200

/** Whether the person has agreed to these very rules of a room; changed rules are shown again. */
export function hasReadRules(room: string, rules: string): boolean {
  return readAll().includes(markOf(room, rules))
}

export function rememberRulesRead(room: string, rules: string): void {
  const marks = [...readAll().filter((one) => !one.startsWith(`${room} `)), markOf(room, rules)]
  try {
    localStorage.setItem(KEY, JSON.stringify(marks.slice(-MOST)))
  } catch {
    // they are shown again
  }
}

function readAll(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

/** Only tells texts apart; nobody gains by two that are equal here. */
function markOf(room: string, rules: string): string {
  let hash = 0
  for (let at = 0; at < rules.length; at += 1) hash = (Math.imul(hash, 31) + rules.charCodeAt(at)) | 0
  return `${room} ${rules.length}.${hash >>> 0}`
}
