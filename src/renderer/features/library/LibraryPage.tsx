import { FolderHeart, Import, Upload } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { FileLinkField } from './FileLinkField'
import { FilePlayer } from './FilePlayer'
import { FileRow } from './FileRow'
import { EMPTY_FIGURES, useLibrary } from './library-store'
import { SharingPanel } from './SharingPanel'
import { TaskList } from './TaskList'
import './library.css'

function publish(): void {
  studioClient().library.publish().catch(tellProblem)
}

function importCar(): void {
  studioClient().library.importCar().catch(tellProblem)
}

function AddButtons() {
  return (
    <>
      <Button icon={<Import size={16} />} onClick={importCar}>
        Import CAR
      </Button>
      <Button variant="accent" icon={<Upload size={16} />} onClick={publish}>
        Publish a file
      </Button>
    </>
  )
}

/** The files this computer holds and gives to others. */
export function LibraryPage({ visible }: { visible: boolean }) {
  const library = useLibrary((state) => state.library)
  const playing = useLibrary((state) => state.playing)
  if (playing.state !== 'none') return <FilePlayer playing={playing} visible={visible} />

  const files = library?.files ?? []
  const tasks = library?.tasks ?? []
  return (
    <div className="library">
      <div className="library__column">
        <header className="library__header">
          <h1>Library</h1>
          <FileLinkField />
          {files.length > 0 && <AddButtons />}
        </header>
        <TaskList tasks={tasks} />
        {files.length === 0 ? (
          <EmptyState
            icon={<FolderHeart size={30} strokeWidth={1.5} />}
            title="Nothing in your library yet"
            actions={<AddButtons />}
          >
            <p>Publish a video and copy its link: whoever opens it fetches it from you, and then from each other.</p>
            <p>What you watch by link is kept here too, and given on, until the space is needed.</p>
          </EmptyState>
        ) : (
          <ul className="library__files" aria-label="Files">
            {files.map((file) => (
              <FileRow key={file.cid} file={file} />
            ))}
          </ul>
        )}
        <SharingPanel figures={library?.figures ?? EMPTY_FIGURES} />
      </div>
    </div>
  )
}
