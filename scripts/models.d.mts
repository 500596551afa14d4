/** Makes `resources/models` when it is not up to date and returns the folder; see models.mjs. */
export function ensureModels(options?: { log?: (line: string) => void }): Promise<string>
