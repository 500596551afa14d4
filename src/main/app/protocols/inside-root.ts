import { join, normalize, sep } from 'node:path'

/** The file behind an app:// URL, or null when it would leave the root. */
export function resolveInside(root: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0')) return null
  const file = normalize(join(root, decoded === '/' ? '/index.html' : decoded))
  return file.startsWith(root.endsWith(sep) ? root : root + sep) ? file : null
}
