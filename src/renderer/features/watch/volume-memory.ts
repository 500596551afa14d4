import { z } from 'zod'

const KEY = 'we.player.volume'
const Remembered = z.object({ volume: z.number().min(0).max(1), muted: z.boolean() })
type Remembered = z.output<typeof Remembered>

/** The volume of last time; full where there is none, or where it cannot be read. */
export function loadVolume(): Remembered {
  try {
    return Remembered.parse(JSON.parse(localStorage.getItem(KEY) ?? ''))
  } catch {
    return { volume: 1, muted: false }
  }
}

export function saveVolume({ volume, muted }: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ volume, muted }))
  } catch {
    // Nothing is lost but the memory.
  }
}
