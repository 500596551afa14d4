import { AddSource } from './AddSource'
import './layers.css'
import { useScenes } from './scene-store'

/** Under the simple list of sources: the way to a second one. */
export function AddAnother() {
  const { addSource } = useScenes.getState()
  return (
    <div className="layers__another">
      <span className="panel-section__note">Show another source too</span>
      <AddSource disabled={false} onAdd={addSource} />
    </div>
  )
}
