import { useEffects } from './effects-store'
import { useLook } from './look-store'
import { rememberPart } from './picture-history'
import { useScenes } from './scene/scene-store'
import { useStudio } from './studio-store'

/** Tells the history what of the picture can be taken back; once, at the start. */
export function startPictureHistory(): void {
  rememberPart(
    () => useStudio.getState().beauty,
    (beauty) => useStudio.getState().changeBeauty(beauty),
  )
  rememberPart(
    () => useEffects.getState().effects,
    (effects) => useEffects.getState().changeEffects(effects),
  )
  rememberPart(
    () => useScenes.getState().scenes,
    (scenes) => {
      // Which scene is shown is the show itself: only the edits are taken back.
      const { currentId } = useScenes.getState().scenes
      const kept = scenes.scenes.some(({ id }) => id === currentId)
      useScenes.getState().change(kept ? { ...scenes, currentId } : scenes)
    },
  )
  rememberPart(
    () => useLook.getState().look,
    (look) => useLook.getState().changeLook(look),
  )
}
