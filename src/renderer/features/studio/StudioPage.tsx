import { useId, useState } from 'react'
import { FirstHint } from './FirstHint'
import { GoLiveBar } from './GoLiveBar'
import { PictureTabs } from './PictureTabs'
import { SourcePicker } from './SourcePicker'
import { Stage } from './Stage'
import { StatsPanel } from './StatsPanel'
import { StatsStrip } from './StatsStrip'
import './studio.css'

/** Where a person sees herself, gets ready and goes live. */
export function StudioPage({ visible }: { visible: boolean }) {
  const [graphs, setGraphs] = useState(false)
  const panelId = useId()
  return (
    <div className="studio">
      <h1 className="visually-hidden">Studio</h1>
      <div className="studio__centre">
        <div className="studio__block">
          <div className="studio__stage">
            <Stage visible={visible} />
            {graphs && <StatsPanel id={panelId} onClose={() => setGraphs(false)} />}
          </div>
          <FirstHint />
          <StatsStrip open={graphs} panelId={panelId} onToggle={() => setGraphs(!graphs)} />
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
