/**
 * Branches of a coverage report (lcov) below a folder.
 * @param {string} text the report
 * @param {string} folder path prefix of the files that count
 * @returns {{ total: number, missed: { file: string, line: number }[] }} `missed`: never taken
 */
export function uncoveredBranches(text, folder) {
  let file = ''
  let total = 0
  const missed = []
  for (const line of text.split('\n')) {
    if (line.startsWith('SF:')) file = line.slice(3).trim()
    if (!line.startsWith('BRDA:') || !file.startsWith(folder)) continue
    const [at, , , taken] = line.slice(5).split(',')
    total++
    if (taken === '-' || Number(taken) === 0) missed.push({ file, line: Number(at) })
  }
  return { total, missed }
}
