import type { StudioClient } from '@shared/ipc/studio-schema'
import { NO_RULES, type ViewerRules } from '@shared/community/viewer-rules'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface SafetyState {
  /** What this person does not want to see, as main has it. */
  rules: ViewerRules
  /** Reports to this person that are not done. */
  openReports: number
  /** The subject whose report is being written; null: none. */
  reporting: string | null
  /** The list of somebody that is looked at before it is subscribed to; null: none. */
  previewed: string | null
  /** Changes the rules at once; main takes them a moment later, or the old ones come back with words. */
  change: (part: Partial<ViewerRules>) => void
}

export const useSafety = create<SafetyState>()((set, get) => ({
  rules: NO_RULES,
  openReports: 0,
  reporting: null,
  previewed: null,
  change: (part) => {
    const before = get().rules
    const rules = { ...before, ...part }
    set({ rules })
    studioClient()
      .safety.setRules(rules)
      .catch((error: unknown) => {
        set({ rules: before })
        tellProblem(error)
      })
  },
}))

/** Shows a list of somebody, to subscribe to it or not. */
export function previewList(id: string): void {
  useSafety.setState({ previewed: id })
}

/** Follows the rules and the reports; the community part may still be starting. */
export async function startSafety(client: StudioClient): Promise<void> {
  client.safety.rulesChanged((rules) => useSafety.setState({ rules }))
  client.safety.reportsChanged(({ open }) => useSafety.setState({ openReports: open }))
  const [rules, reports] = await Promise.all([client.safety.getRules(), client.safety.reports()])
  useSafety.setState({ rules, openReports: reports.length })
}
