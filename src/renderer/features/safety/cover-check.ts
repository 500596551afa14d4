import { COVER_SIDE, coverLabel, type CoverLabel } from '@shared/media/cover-verdict'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'

/** Covers whose judgement is kept while the window is open. */
const MOST_KEPT = 2_000

interface CoverCheckState {
  /** By CID; null: nothing to veil. What is not in it has not been looked at. */
  labels: ReadonlyMap<string, CoverLabel>
  check: (cid: string) => void
}

const asked = new Set<string>()

/** What covers show, found out on this computer. A picture that cannot be read is left alone. */
export const useCoverCheck = create<CoverCheckState>()((set) => ({
  labels: new Map(),
  check: (cid) => {
    if (asked.has(cid)) return
    asked.add(cid)
    void labelOf(cid).then(
      (label) =>
        set(({ labels }) => {
          const kept = new Map(labels).set(cid, label)
          const [oldest] = kept.keys()
          if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
          return { labels: kept }
        }),
      () => asked.delete(cid), // its peer is away, perhaps: the next time it is shown
    )
  },
}))

async function labelOf(cid: string): Promise<CoverLabel> {
  const picture = new Image()
  picture.crossOrigin = 'anonymous'
  picture.src = fileMediaUrl(cid)
  await picture.decode()
  const context = new OffscreenCanvas(COVER_SIDE, COVER_SIDE).getContext('2d', { willReadFrequently: true })!
  context.drawImage(picture, 0, 0, COVER_SIDE, COVER_SIDE)
  const { data } = context.getImageData(0, 0, COVER_SIDE, COVER_SIDE)
  return coverLabel(await studioClient().covers.check(new Uint8Array(data.buffer)))
}
