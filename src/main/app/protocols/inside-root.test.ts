import { describe, expect, it } from 'vitest'
import { resolveInside } from './inside-root'

const ROOT = '/srv/renderer'

describe('resolveInside', () => {
  it('maps the root and files below it', () => {
    expect(resolveInside(ROOT, '/')).toBe('/srv/renderer/index.html')
    expect(resolveInside(ROOT, '/assets/a%20b.js')).toBe('/srv/renderer/assets/a b.js')
  })

  it('never leaves the root: 10,000 generated escapes', () => {
    const parts = ['..', '%2e%2e', '%2E.', '.', '%2f', '/', '%5c', '\\', 'etc', 'renderer', 'renderer2', '%00', '%']
    let seed = 1
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647)
    for (let i = 0; i < 10_000; i++) {
      const path =
        '/' + Array.from({ length: 1 + (next() % 8) }, () => parts[next() % parts.length]).join(next() % 2 ? '/' : '')
      const file = resolveInside(ROOT, path)
      expect(file === null || file.startsWith('/srv/renderer/')).toBe(true)
    }
  })

  it('is not fooled by a neighbour whose name begins alike', () => {
    expect(resolveInside(ROOT, '/../renderer2/x')).toBeNull()
  })
})
