import { currentScene } from '@shared/media/scene-edit'
import { useId, useState } from 'react'
import { CreatorGiftsDialog } from '@/features/gifts/CreatorGiftsDialog'
import { StudioChat } from '@/features/rooms/StudioChat'
import { DestinationsDialog } from './destinations/DestinationsDialog'
import { FirstHint } from './FirstHint'
import { GoLiveBar } from './GoLiveBar'
import { PictureTabs } from './PictureTabs'
import { AddAnother } from './scene/AddAnother'
import { LayersPanel } from './scene/LayersPanel'
import { SceneBar } from './scene/SceneBar'
import { useScenes } from './scene/scene-store'
import { StageHandles } from './scene/StageHandles'
import { SourcePicker } from './SourcePicker'
import { Stage } from './Stage'
import { StatsPanel } from './StatsPanel'
import { StatsStrip } from './StatsStrip'
import './studio.css'

/** Where a person sees herself, gets ready and goes live. */
export function StudioPage({ visible }: { visible: boolean }) {
  const [graphs, setGraphs] = useState(false)
  const panelId = useId()
  // Whoever has one source needs no list of layers.
  const simple = useScenes((state) => currentScene(state.scenes).items.length === 1)
  return (
    <div className="studio">
      <h1 className="visually-hidden">Studio</h1>
      <div className="studio__centre">
        <div className="studio__block">
          <div className="studio__stage">
            <Stage visible={visible} />
            <StageHandles />
            {graphs && <StatsPanel id={panelId} onClose={() => setGraphs(false)} />}
          </div>
          <SceneBar visible={visible} />
          <FirstHint />
          <StatsStrip open={graphs} panelId={panelId} onToggle={() => setGraphs(!graphs)} />
        </div>
      </div>
      <aside className="studio__panel" aria-label="Source and picture">
        {simple ? <SourcePicker /> : <LayersPanel />}
        {simple && <AddAnother />}
        <PictureTabs />
      </aside>
      <StudioChat visible={visible} />
      <GoLiveBar />
      <DestinationsDialog />
      <CreatorGiftsDialog />
    </div>
  )
}
