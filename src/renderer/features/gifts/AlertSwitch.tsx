import { alertPlace } from '@shared/media/gift-alert'
import { MOST_ITEMS } from '@shared/media/scene'
import { currentScene } from '@shared/media/scene-edit'
import { Sparkles } from 'lucide-react'
import { tellProblem } from '@/app/tell-problem'
import { useScenes } from '@/features/studio/scene/scene-store'
import { Button } from '@/ui/Button'
import { Toggle } from '@/ui/Toggle'
import { drawAlert } from './broadcast-alerts'
import type { GiftEvent } from './gift-event'

const TRIAL: GiftEvent = {
  ...{ id: 'trial', payer: 'trial', name: 'A viewer', gift: 'rose', giftId: 2, giftName: 'Rose' },
  ...{ imageUrl: null, qty: 1, amountWei: 2n * 10n ** 17n, text: '' },
}

/** Whether gifts are part of the picture that goes out; one press puts them over the scene or takes them off. */
export function AlertSwitch() {
  const scene = useScenes(({ scenes }) => currentScene(scenes))
  const isOn = useScenes(({ scenes }) => alertPlace(scenes) !== null)
  const { addSource, changeItem, removeItem } = useScenes.getState()
  const item = scene.items.find(({ source }) => source.kind === 'gifts')
  const isFull = item === undefined && scene.items.length >= MOST_ITEMS
  const change = (on: boolean): void => {
    if (item === undefined) addSource('', { kind: 'gifts' })
    else if (on) changeItem(item.id, { visible: true })
    else removeItem(item.id)
  }
  return (
    <>
      <Toggle label="Draw gifts into the picture" checked={isOn} disabled={isFull} onChange={change} />
      <p className="creator-gifts__hint">
        {isFull
          ? 'This scene is full. Remove a source of it first.'
          : 'Everybody sees them then, on every service you send to. Move and size them like any source of the scene.'}
      </p>
      {isOn && (
        <div className="creator-gifts__actions">
          <Button
            className="button--small"
            icon={<Sparkles size={14} />}
            title="Whoever watches sees it too"
            onClick={() => void drawAlert(TRIAL).catch(tellProblem)}
          >
            Try it
          </Button>
        </div>
      )}
    </>
  )
}
