import { readFile } from 'node:fs/promises'
import { DEFAULT_SETTINGS, Settings } from '@shared/ipc/studio-schema'
import { defaultScenes } from '@shared/media/scene-edit'
import { writeBeside } from '../platform/write-beside'

/** The person's choices, one JSON file; a broken or older file falls back field by field, never to an error. */
export class SettingsFile {
  #settings: Settings = DEFAULT_SETTINGS
  #writing: Promise<void> = Promise.resolve()

  constructor(private readonly path: string) {}

  get value(): Settings {
    return this.#settings
  }

  async load(): Promise<Settings> {
    const text = await readFile(this.path, 'utf8').catch(() => '{}')
    this.#settings = mergeKnown(parseJson(text))
    return this.#settings
  }

  /** Takes the change at once and writes it beside, then renames; writes never overlap. */
  set(change: Partial<Settings>): Settings {
    this.#settings = mergeKnown({ ...this.#settings, ...change })
    const text = JSON.stringify(this.#settings, null, 2) + '\n'
    this.#writing = this.#writing
      .then(() => writeBeside(this.path, text, { mode: 0o600 }))
      .catch((error: unknown) => console.error(`Settings were not saved: ${String(error)}`))
    return this.#settings
  }

  /** Resolves when everything set so far is on disk. */
  flush(): Promise<void> {
    return this.#writing
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Each field of `stored` that is valid, over the defaults. */
export function mergeKnown(stored: unknown): Settings {
  const merged: Record<string, unknown> = { ...DEFAULT_SETTINGS }
  if (typeof stored === 'object' && stored !== null) {
    for (const [key, schema] of Object.entries(Settings.shape)) {
      const parsed = schema.safeParse((stored as Record<string, unknown>)[key])
      if (parsed.success) merged[key] = parsed.data
      // A file from before there were scenes, or with broken ones: the source of then is the one scene.
      else if (key === 'scenes') merged[key] = defaultScenes(merged['source'] as Settings['source'])
    }
  }
  return merged as Settings
}
