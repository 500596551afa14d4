import { SceneCollection } from '@shared/media/scene'
import { studioClient } from '@/app/studio-client'

/** Between two sends while something is dragged, milliseconds. */
const PAUSE_MS = 33
/** How many of our own changes are remembered to know their echo. */
const REMEMBERED = 40

const sent: string[] = []
let waiting: SceneCollection | null = null
let resting: ReturnType<typeof setTimeout> | null = null

/**
 * Sends at most thirty collections a second, the newest always. It does not wait for answers: those come when cameras
 * have opened, and a drag must not stand still for that long.
 */
export function sendScenes(scenes: SceneCollection, onProblem: (error: unknown) => void): void {
  if (resting !== null) {
    waiting = scenes
    return
  }
  // As main tells it: the schema puts the fields in its own order.
  sent.push(JSON.stringify(SceneCollection.parse(scenes)))
  if (sent.length > REMEMBERED) sent.shift()
  studioClient().scenes.set(scenes).catch(onProblem)
  resting = setTimeout(() => {
    resting = null
    const next = waiting
    waiting = null
    if (next !== null) sendScenes(next, onProblem)
  }, PAUSE_MS)
}

/** Whether main tells only what we have sent: then what is here is as new, or newer. */
export function tookFromUs(scenes: SceneCollection): boolean {
  const at = sent.indexOf(JSON.stringify(scenes))
  if (at < 0) return false
  sent.splice(0, at + 1)
  return true
}
