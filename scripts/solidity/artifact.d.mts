export const CONTRACT_NAMES: readonly string[]
export function buildArtifacts(): { artifacts: Record<string, string>; warnings: string[] }
