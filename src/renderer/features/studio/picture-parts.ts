import { useEffects } from './effects-store'
import { useLook } from './look-store'
import { rememberPart } from './picture-history'
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
    () => useLook.getState().look,
    (look) => useLook.getState().changeLook(look),
  )
}
