import { FirstHint } from './FirstHint'
import { GoLiveBar } from './GoLiveBar'
import { PictureTabs } from './PictureTabs'
import { SourcePicker } from './SourcePicker'
import { Stage } from './Stage'
import { StatsStrip } from './StatsStrip'
import './studio.css'

/** Where a person sees herself, gets ready and goes live. */
export function StudioPage({ visible }: { visible: boolean }) {
  return (
    <div className="studio">
      <h1 className="visually-hidden">Studio</h1>
      <div className="studio__centre">
        <div className="studio__block">
          <Stage visible={visible} />
          <FirstHint />
          <StatsStrip />
        </div>
      </div>
      <aside className="studio__panel" aria-label="Source and picture">
        <SourcePicker />
        <PictureTabs />
      </aside>
      <GoLiveBar />
    </div>
  )
}
