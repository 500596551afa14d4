import type { QualityChoice } from '@shared/live/rendition'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useSettings } from '@/features/settings/settings-store'
import { ChoiceMenu, type Choice } from './ChoiceMenu'
import { useWatch } from './watch-store'

/** In which size the live is watched; not there while it comes in one size alone. The choice is kept for other lives. */
export function QualityMenu() {
  const stats = useWatch((state) => state.stats)
  const quality = useSettings((state) => state.settings.watchQuality)
  const renditions = stats?.renditions ?? []
  if (renditions.length < 2) return null
  const playing = renditions.find((one) => one.id === stats?.rendition)
  const choices: readonly Choice<QualityChoice>[] = [
    { id: 'auto', name: 'Auto', hint: 'As your line allows' },
    ...renditions.map((one) => ({ id: one.id, name: `${one.height}p`, hint: `${one.width}x${one.height}` })),
  ]
  const chosen = choices.find((choice) => choice.id === quality) ?? choices[0]!
  const size = playing === undefined ? '' : `${playing.height}p`
  const face = chosen.id === 'auto' && size !== '' ? `Auto ${size}` : chosen.name
  return (
    <ChoiceMenu
      label="Quality"
      face={face}
      spoken={face}
      choices={choices}
      chosen={chosen.id}
      onChoose={(choice) => {
        useSettings.getState().remember({ watchQuality: choice })
        studioClient().watch.setQuality(choice).catch(tellProblem)
      }}
    />
  )
}
