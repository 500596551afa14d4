import { z } from 'zod'
import { create } from 'zustand'

const KEY = 'we.messages.verified'
const Numbers = z.record(z.string(), z.string().regex(/^\d{60}$/))

/** Safety numbers that the person has compared, by account; they stay on this computer. */
const useNumbers = create<{ numbers: Readonly<Record<string, string>> }>()(() => ({ numbers: load() }))

function load(): Record<string, string> {
  try {
    return Numbers.parse(JSON.parse(localStorage.getItem(KEY) ?? ''))
  } catch {
    return {}
  }
}

/** The number that was compared with an account; undefined: none was. */
export function useVerifiedNumber(account: string | undefined): string | undefined {
  return useNumbers(({ numbers }) => (account === undefined ? undefined : numbers[account]))
}

export function setVerified(account: string, digits: string | null): void {
  const rest = Object.entries(useNumbers.getState().numbers).filter(([other]) => other !== account)
  const numbers = Object.fromEntries(digits === null ? rest : [...rest, [account, digits]])
  useNumbers.setState({ numbers })
  try {
    localStorage.setItem(KEY, JSON.stringify(numbers))
  } catch {
    // It holds until the app is closed.
  }
}
