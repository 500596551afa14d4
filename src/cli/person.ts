import { StudioError } from '@shared/errors'
import { BEAUTY_PRESETS } from '@shared/media/beauty-presets'
import {
  BEAUTY_CONTROLS,
  BeautySettings,
  DEFAULT_BEAUTY,
  MAKEUP_COLOURS,
  PLAIN_BEAUTY,
  type BeautyControl,
} from '@shared/media/beauty-settings'
import { BackgroundMode, DEFAULT_EFFECTS, EffectSettings, STICKERS } from '@shared/media/effect-settings'
import type { PersonSettings } from '../main/media/person/person-effect'

/** What the command line says of a person's picture, as it was typed. */
export interface PersonArgs {
  preset?: string | undefined
  /** `NAME=VALUE`, a strength or the colour of a make-up; later ones win. */
  beauty?: readonly string[] | undefined
  stickers?: readonly string[] | undefined
  sparkles?: number | undefined
  background?: string | undefined
}

const PRESET_NAMES = [...BEAUTY_PRESETS.map(({ id }) => id), 'plain']

/** @throws StudioError `usage` for a name or value that does not exist */
export function choosePerson(args: PersonArgs): PersonSettings {
  const chosen: Record<string, unknown> = { ...startOf(args.preset) }
  const colours: Record<string, string> = { ...(chosen['colours'] as BeautySettings['colours']) }
  for (const change of args.beauty ?? []) {
    const [name = '', value = ''] = change.split('=')
    const control = BEAUTY_CONTROLS.find(({ id }) => id === name)
    if (!control) throw new StudioError('usage', `There is no control ${name}. Controls: ${controlNames()}.`)
    if (value.startsWith('#') && name in MAKEUP_COLOURS) colours[name] = value.toLowerCase()
    else chosen[name] = value === '' ? NaN : Number(value)
  }
  const beauty = BeautySettings.safeParse({ ...chosen, colours })
  if (!beauty.success) {
    const name = String(beauty.error.issues[0]?.path.at(-1))
    throw new StudioError('usage', `--beauty ${name} takes ${rangeOf(name)}.`)
  }
  return { beauty: beauty.data, effects: chooseEffects(args) }
}

function startOf(preset: string | undefined): BeautySettings {
  if (preset === undefined) return DEFAULT_BEAUTY
  if (preset === 'plain') return PLAIN_BEAUTY
  const own = BEAUTY_PRESETS.find(({ id }) => id === preset)
  if (own) return own.beauty
  throw new StudioError('usage', `There is no preset ${preset}. Presets: ${PRESET_NAMES.join(', ')}.`)
}

function chooseEffects({ stickers, sparkles, background }: PersonArgs): EffectSettings {
  const mode = BackgroundMode.safeParse(background ?? 'none')
  if (!mode.success || mode.data === 'picture') {
    const names = BackgroundMode.options.filter((name) => name !== 'picture').join(', ')
    throw new StudioError('usage', `There is no background ${background}. Backgrounds: ${names}.`)
  }
  const effects = EffectSettings.safeParse({
    stickers: stickers ?? [],
    sparkles: sparkles ?? 0,
    background: { ...DEFAULT_EFFECTS.background, mode: mode.data },
  })
  if (effects.success) return effects.data
  throw new StudioError('usage', `There is no such sticker. Stickers: ${STICKERS.map(({ id }) => id).join(', ')}.`)
}

export function controlNames(): string {
  return BEAUTY_CONTROLS.map(({ id }) => id).join(', ')
}

function rangeOf(name: string): string {
  const control: BeautyControl | undefined = BEAUTY_CONTROLS.find(({ id }) => id === name)
  if (!control) return 'a colour like #b3273f'
  const range = control.ends ? 'a number from -1 to 1' : 'a number from 0 to 1'
  return name in MAKEUP_COLOURS ? `${range} or a colour like #b3273f` : range
}
