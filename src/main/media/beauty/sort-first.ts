/** Sorts the first `count` numbers in place, smallest first. For a handful of them: it allocates nothing. */
export function sortFirst(values: Float32Array | Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const value = values[i]!
    let at = i
    for (; at > 0 && values[at - 1]! > value; at--) values[at] = values[at - 1]!
    values[at] = value
  }
}
