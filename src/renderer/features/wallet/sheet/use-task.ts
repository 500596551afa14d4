import { useState } from 'react'
import { describeProblem } from '@/app/studio-client'

/** Runs what a button starts: busy meanwhile, and what went wrong in words. */
export function useTask() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = (work: () => Promise<unknown>): void => {
    setBusy(true)
    setProblem(null)
    work()
      .catch((error: unknown) => setProblem(describeProblem(error).message))
      .finally(() => setBusy(false))
  }
  return { busy, problem, run, setProblem }
}
