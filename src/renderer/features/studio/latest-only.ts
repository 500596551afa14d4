/**
 * Sends values one at a time; while one is on its way only the newest of the others waits. A dragged slider thus never
 * builds a queue, and the last value always arrives.
 */
export function latestOnly<T>(
  send: (value: T) => Promise<unknown>,
  onProblem: (error: unknown) => void,
): (value: T) => void {
  let waiting: { value: T } | null = null
  let sending = false

  async function drain(): Promise<void> {
    sending = true
    while (waiting !== null) {
      const { value } = waiting
      waiting = null
      try {
        await send(value)
      } catch (error) {
        onProblem(error)
      }
    }
    sending = false
  }

  return (value) => {
    waiting = { value }
    if (!sending) void drain()
  }
}
