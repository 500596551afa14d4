import type { StudioStats } from '@shared/ipc/studio-schema'
import { create } from 'zustand'

/** One a second. */
export const HISTORY_SECONDS = 120

/** The figures of the last two minutes, oldest first; empty again when the source changes. */
export const useStatsHistory = create<{ history: readonly StudioStats[] }>()(() => ({ history: [] }))

export function addToHistory(stats: StudioStats): void {
  useStatsHistory.setState(({ history }) => ({ history: [...history, stats].slice(-HISTORY_SECONDS) }))
}

export function clearHistory(): void {
  useStatsHistory.setState({ history: [] })
}

/**
 * A line through values as an SVG path in a box of width x height: the newest at the right edge, one step for each of
 * `slots` places. The scale begins at 0 (or at the least value below it) and reaches `top`, or higher where a value does.
 */
export function sparkline(
  values: readonly number[],
  { width, height, slots, top }: { width: number; height: number; slots: number; top: number },
): string {
  const low = Math.min(0, ...values)
  const high = Math.max(top, ...values)
  const step = width / (slots - 1)
  const first = width - step * (values.length - 1)
  return values
    .map((value, index) => {
      const y = height - ((value - low) / (high - low || 1)) * height
      return `${index === 0 ? 'M' : 'L'}${round(first + index * step)} ${round(y)}`
    })
    .join('')
}

/** What happened in each second, of a counter that only grows; a fall is a new start. */
export function growth(counts: readonly number[]): number[] {
  return counts.map((count, index) => Math.max(0, count - (counts[index - 1] ?? count)))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
