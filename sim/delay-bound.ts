/**
 * Lower bound of the delay of one piece of a stripe with fixed hops (the greedy schedule of live.md section 5): whoever has
 * the piece sends copies back to back, the largest uplinks get it first, nobody sends more copies than its slots.
 * @param capacities slots of the forwarders of one stripe, any order
 * @param copyMs time that one copy takes a sender with so many slots
 * @returns milliseconds until each of the `receivers` has it, ascending
 */
export function greedyDelays(
  receivers: number,
  source: { slots: number; copyMs: number },
  capacities: number[],
  copyMs: (slots: number) => number,
  hopMs: number,
): Float64Array {
  const strongest = [...capacities].sort((a, b) => b - a)
  const arrivals = new Float64Array(receivers)
  // Heap of senders by the time at which their next copy arrives.
  const at: number[] = []
  const each: number[] = []
  const left: number[] = []
  const swap = (i: number, j: number): void => {
    for (const list of [at, each, left]) [list[i], list[j]] = [list[j]!, list[i]!]
  }
  const sink = (from: number): void => {
    for (let i = from; ;) {
      const [l, r] = [2 * i + 1, 2 * i + 2]
      let least = i
      if (l < at.length && at[l]! < at[least]!) least = l
      if (r < at.length && at[r]! < at[least]!) least = r
      if (least === i) return
      swap(i, least)
      i = least
    }
  }
  const push = (time: number, step: number, copies: number): void => {
    if (copies < 1) return
    at.push(time)
    each.push(step)
    left.push(copies)
    for (let i = at.length - 1; i > 0;) {
      const up = (i - 1) >> 1
      if (at[up]! <= at[i]!) return
      swap(i, up)
      i = up
    }
  }
  push(source.copyMs + hopMs, source.copyMs, source.slots)
  for (let n = 0; n < receivers; n++) {
    if (at.length === 0) return arrivals.fill(Infinity, n)
    const time = at[0]!
    arrivals[n] = time
    if (--left[0]! > 0) at[0] = time + each[0]!
    else {
      swap(0, at.length - 1)
      for (const list of [at, each, left]) list.pop()
    }
    sink(0)
    const slots = strongest[n] ?? 0
    if (slots > 0) push(time + copyMs(slots) + hopMs, copyMs(slots), slots)
  }
  return arrivals
}
