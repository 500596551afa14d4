import { X } from 'lucide-react'
import type { StorageTask } from '@shared/storage/stored-file'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { IconButton } from '@/ui/IconButton'
import { byteWords } from './byte-words'

const DOING = { publish: 'Publishing', fetch: 'Fetching', export: 'Exporting', import: 'Importing' } as const

/** What is under way, each with its progress and a way to stop it. */
export function TaskList({ tasks }: { tasks: readonly StorageTask[] }) {
  if (tasks.length === 0) return null
  return (
    <ul className="library__files" aria-label="Under way">
      {tasks.map(({ id, kind, title, doneBytes, totalBytes }) => (
        <li key={id} className="file-row">
          <div className="file-row__words">
            <span className="file-row__title">
              {DOING[kind]} {title}
            </span>
            <progress
              className="library__progress"
              aria-label={`${DOING[kind]} ${title}`}
              {...(totalBytes > 0 ? { value: doneBytes, max: totalBytes } : {})}
            />
          </div>
          <span className="file-row__details tabular">
            {totalBytes > 0 ? `${byteWords(doneBytes)} of ${byteWords(totalBytes)}` : 'Starting'}
          </span>
          <IconButton
            label={`Cancel: ${DOING[kind]} ${title}`}
            align="end"
            onClick={() => void studioClient().library.cancelTask(id).catch(tellProblem)}
          >
            <X size={16} />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
