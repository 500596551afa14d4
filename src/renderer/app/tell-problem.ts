import { useToasts } from '@/ui/toast-store'
import { describeProblem } from './studio-client'

/** Shows what is wrong with a refused call, until it is dismissed. */
export function tellProblem(error: unknown): void {
  useToasts.getState().show('problem', describeProblem(error).message)
}
