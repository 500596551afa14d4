import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import type { Community } from './community'

type OwnList = 'blocked' | 'muted' | 'hidden'

export function safetyHandlers(community: Community, tell: CommunityTell): CommunityHandlers['safety'] {
  community.onRules((rules) => tell('safety', 'rulesChanged', rules))
  const turn = async (list: OwnList, { subject, on }: { subject: string; on: boolean }): Promise<void> => {
    const rules = community.rules.value
    const others = rules[list].filter((one) => one !== subject)
    await community.setRules({ ...rules, [list]: on ? [...others, subject] : others })
  }
  return {
    getRules: () => community.rules.value,
    setRules: (rules) => community.setRules(rules),
    block: (change) => turn('blocked', change),
    mute: (change) => turn('muted', change),
    hide: (change) => turn('hidden', change),
  }
}
