import type { BrowserWindow } from 'electron'
import { rm } from 'node:fs/promises'
import type { MediaService } from '@shared/engines/media-service'
import { reportError } from '@shared/errors'
import type { EffectSettings, EffectThumbnail } from '@shared/media/effect-settings'
import type { ServiceClient } from '@shared/rpc/rpc'
import { backgroundPath } from '../../media/background/import-background'
import { chooseFile, PICTURES } from '../choose-file'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import { LateNotice } from './late-notice'

/** What a person wears and stands before: what is chosen, and the imported picture in the profile. */
export class EffectsSession {
  readonly #lost: LateNotice

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
    private readonly folder: string,
  ) {
    this.#lost = new LateNotice(notify)
  }

  async set(effects: EffectSettings): Promise<void> {
    this.settings.set({ effects })
    await this.media.client.call('setEffects', this.#request(effects))
  }

  /** Asks for a picture, copies it into the profile and puts it behind the person; null when cancelled. */
  async importBackground(window: BrowserWindow | null): Promise<EffectSettings | null> {
    const from = await chooseFile(window, 'Choose a picture for the background', [PICTURES])
    if (from === null) return null
    const client = await this.media.ready()
    const picture = await client.call('importBackground', { from, folder: this.folder })
    const before = this.settings.value.effects
    const effects: EffectSettings = { ...before, background: { ...before.background, mode: 'picture', picture } }
    await this.set(effects)
    // One imported picture at a time: the one before would only fill the profile.
    const old = before.background.picture
    if (old && old.id !== picture.id) await rm(backgroundPath(this.folder, old.id), { force: true })
    return effects
  }

  /** Small pictures of the stickers and backgrounds. */
  async thumbnails(): Promise<EffectThumbnail[]> {
    return (await this.media.ready()).call('effectThumbnails', undefined)
  }

  /** The window can be told from now on. */
  windowListens(): void {
    this.#lost.windowListens()
  }

  /**
   * Brings a started engine to what is chosen. An imported picture that is gone must not keep the engine from starting,
   * and must not show the room either: a drawn background takes its place.
   */
  async prepare(client: ServiceClient<MediaService>): Promise<void> {
    const { effects } = this.settings.value
    try {
      await client.call('setEffects', this.#request(effects))
    } catch (error) {
      const { mode, picture } = effects.background
      const background = { ...effects.background, mode: mode === 'picture' ? 'studio' : mode, picture: null } as const
      const rest: EffectSettings = { ...effects, background }
      this.settings.set({ effects: rest })
      this.notify('effects', 'changed', rest)
      this.#lost.tell({
        level: 'problem',
        code: reportError(error).code,
        message: `The background picture${picture ? ` "${picture.name}"` : ''} cannot be read any more. Import it again.`,
      })
      await client.call('setEffects', this.#request(rest))
    }
  }

  #request(settings: EffectSettings): { settings: EffectSettings; picturePath: string | null } {
    const { picture } = settings.background
    return { settings, picturePath: picture && backgroundPath(this.folder, picture.id) }
  }
}
