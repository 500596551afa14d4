/** Preload to main: the paths of what was dropped on the window. No call of the window's, so that it cannot make them up. */
export const DROPPED_FILES = 'files.dropped'
