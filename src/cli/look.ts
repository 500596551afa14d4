import { resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import { DEFAULT_LOOK, OWN_LOOKS, OwnLookId, type LookSettings } from '@shared/media/look-settings'
import type { ColourMap } from '../main/media/look/colour-map'
import { cubeMap } from '../main/media/look/cube'
import { readCube } from '../main/media/look/cube-file'

/** What the command line says of colours. */
export interface LookArgs {
  /** One of our own. */
  look?: string | undefined
  /** 0 to 1; left out: the look as it was made. */
  strength?: number | undefined
  /** 0 to 1. */
  vignette?: number | undefined
  /** Path of a .cube file, in place of a look. */
  cube?: string | undefined
}

export interface ChosenLook {
  settings: LookSettings
  cube: ColourMap | null
}

/** @throws StudioError `usage` for an unknown look or two at once, and as `readCube` */
export async function chooseLook({ look, strength, vignette, cube }: LookArgs): Promise<ChosenLook> {
  if (look !== undefined && cube !== undefined) throw new StudioError('usage', 'Give --look or --cube, not both.')
  const own = OwnLookId.safeParse(look)
  if (look !== undefined && look !== 'none' && !own.success) {
    const names = OWN_LOOKS.map(({ id }) => id).join(', ')
    throw new StudioError('usage', `There is no look ${look}. Looks: ${names}.`)
  }
  const settings: LookSettings = {
    ...DEFAULT_LOOK,
    look: cube !== undefined ? 'cube' : own.success ? own.data : 'none',
    intensity: strength ?? 1,
    vignette: vignette ?? 0,
  }
  return { settings, cube: cube === undefined ? null : cubeMap(await readCube(resolve(cube))) }
}
