import type { DestinationEntry, DestinationState } from '@shared/live/destination'

export interface DestinationWords {
  lamp: 'off' | 'waiting' | 'live' | 'problem'
  text: string
}

/** How it goes with a service, in words. */
export function destinationWords(entry: DestinationEntry, state: DestinationState | undefined): DestinationWords {
  if (!entry.hasKey) return { lamp: 'problem', text: 'Its stream key is missing' }
  if (!entry.enabled) return { lamp: 'off', text: 'Gets nothing' }
  switch (state?.state) {
    case undefined:
    case 'off':
      return { lamp: 'off', text: 'Gets your next live too' }
    case 'connecting':
      return { lamp: 'waiting', text: 'Connecting…' }
    case 'retrying':
      return { lamp: 'problem', text: 'Tried again by itself, as long as you are live' }
    case 'live': {
      const lost = state.droppedPictures > 0 ? ` · ${state.droppedPictures} frames left out, the line is slow` : ''
      return { lamp: 'live', text: `Live · ${(state.kbps / 1000).toFixed(1)} Mbps${lost}` }
    }
  }
}

/** One line for all services of a running live; null when there are none. */
export function summaryOf(entries: readonly DestinationEntry[], states: Readonly<Record<string, DestinationState>>) {
  const wanted = entries.filter(({ enabled, hasKey }) => enabled && hasKey)
  if (wanted.length === 0) return null
  const live = wanted.filter(({ id }) => states[id]?.state === 'live').length
  const isWrong = wanted.some(({ id }) => states[id]?.state === 'retrying')
  return { wanted: wanted.length, live, isWrong }
}
