import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this person's computer keeps what can be made again at any time, shared by all profiles. */
export function cacheFolder(): string {
  const { platform, env } = process
  if (platform === 'darwin') return join(homedir(), 'Library/Caches/we-studio')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData/Local'), 'we-studio/Cache')
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'we-studio')
}
