import { create } from 'zustand'

/** Changes closer together than this are one step: a slider that is dragged makes sixty a second. */
const STEP_MS = 700
const MOST_STEPS = 100

/** What can be taken back: each part is read and written by the store that owns it. */
export interface PicturePart {
  read: () => unknown
  write: (value: never) => void
}

interface PictureHistory {
  /** How many steps can be taken back, and again. */
  undoable: number
  redoable: number
}

/** For the buttons; the steps themselves are kept beside it. */
export const usePictureHistory = create<PictureHistory>()(() => ({ undoable: 0, redoable: 0 }))

const parts: PicturePart[] = []
let past: unknown[][] = []
let future: unknown[][] = []
let lastChange = -Infinity
let restoring = false

/** Adds a part of the picture to what is remembered; once, at the start. */
export function rememberPart<T>(read: () => T, write: (value: T) => void): void {
  parts.push({ read, write })
}

/** Call before a change. */
export function notePictureChange(now = performance.now()): void {
  if (restoring) return
  if (now - lastChange > STEP_MS) {
    past.push(snapshot())
    if (past.length > MOST_STEPS) past.shift()
  }
  lastChange = now
  future = []
  tellButtons()
}

/** Takes the last step back; nothing happens when there is none. */
export function undoPicture(): void {
  move(past, future)
}

/** Takes the last undone step again. */
export function redoPicture(): void {
  move(future, past)
}

/** Forgets all steps and parts; tests. */
export function forgetPictureHistory(): void {
  parts.length = 0
  past = []
  future = []
  lastChange = -Infinity
  tellButtons()
}

function move(from: unknown[][], to: unknown[][]): void {
  const step = from.pop()
  if (step === undefined) return
  to.push(snapshot())
  restoring = true
  try {
    parts.forEach((part, index) => {
      if (part.read() !== step[index]) part.write(step[index] as never)
    })
  } finally {
    restoring = false
  }
  lastChange = -Infinity
  tellButtons()
}

function snapshot(): unknown[] {
  return parts.map(({ read }) => read())
}

function tellButtons(): void {
  usePictureHistory.setState({ undoable: past.length, redoable: future.length })
}
