import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { StudioError } from '@shared/errors'
import { SceneCollection, type Scene, type SceneItem } from '@shared/media/scene'
import { defaultScenes, newItem } from '@shared/media/scene-edit'
import { SourceSpec } from '@shared/media/source-spec'

/**
 * Reads scenes for the command line: a whole collection as the app keeps it, or one scene, `{ "items": [...] }`, whose
 * items need only a `source`; what they leave out is as in a new item. Paths are seen from the file.
 * @throws StudioError `bad-scene` that says what and where
 */
export async function readScenes(path: string): Promise<SceneCollection> {
  const refuse = (why: string): StudioError => new StudioError('bad-scene', `The scene ${path} cannot be used: ${why}.`)
  const text = await readFile(path, 'utf8').catch(() => {
    throw refuse('there is no such file')
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw refuse('it is not JSON')
  }
  const folder = dirname(resolve(path))
  const whole = isObject(json) && Array.isArray(json['items']) ? collectionOf(json, folder) : json
  const parsed = SceneCollection.safeParse(whole)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refuse(`${issue?.message ?? 'wrong'} (at ${issue?.path.join('.') ?? 'its start'})`)
}

function collectionOf(scene: Record<string, unknown>, folder: string): unknown {
  const items = (scene['items'] as unknown[]).map((item, i) => {
    if (!isObject(item)) return item
    const source = SourceSpec.safeParse(item['source'])
    if (!source.success) return item
    const spec = source.data
    const here = spec.kind === 'file' ? { ...spec, path: resolve(folder, spec.path) } : spec
    const made: SceneItem = newItem(`item${i + 1}`, '', here)
    return { ...made, ...item, source: here }
  })
  const one = { ...{ id: 'main', name: 'Main' }, ...scene, items } as Scene
  return { ...defaultScenes({ kind: 'demo' }), scenes: [one], currentId: one.id }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
