import type { PreviewMode } from '@shared/ipc/studio-schema'
import { Segmented, type Segment } from '@/ui/Segmented'
import { useStudio } from './studio-store'

const MODES: readonly Segment<PreviewMode>[] = [
  { value: 'before', label: 'Before' },
  { value: 'split', label: 'Split' },
  { value: 'after', label: 'After' },
]

/** What the stage shows: the plain picture, the finished one, or half of each. */
export function CompareSwitch() {
  const mode = useStudio((state) => state.previewMode)
  const { setPreviewMode } = useStudio.getState()
  return <Segmented label="Compare" segments={MODES} value={mode} onChange={setPreviewMode} />
}
