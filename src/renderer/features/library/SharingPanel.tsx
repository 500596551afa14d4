import type { StorageFigures, StorageLimits } from '@shared/storage/stored-file'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { Segmented } from '@/ui/Segmented'
import { useToasts } from '@/ui/toast-store'
import { byteWords } from './byte-words'
import { KeepRows } from './KeepRows'

const GB = 1e9
const SPACES = [5, 20, 50, 200].map((gigabytes) => ({ value: String(gigabytes), label: `${gigabytes} GB` }))
const UPLINKS = [
  { value: '1000', label: '1 Mbps' },
  { value: '10000', label: '10 Mbps' },
  { value: '50000', label: '50 Mbps' },
  { value: '0', label: 'No limit' },
]

function change(limits: StorageLimits): void {
  studioClient().library.setLimits(limits).catch(tellProblem)
}

function freeSpace(): void {
  const { show } = useToasts.getState()
  studioClient()
    .library.collect()
    .then(
      (bytes) => show('info', bytes > 0 ? `${byteWords(bytes)} freed.` : 'There is nothing that may go.'),
      tellProblem,
    )
}

/** How much this computer keeps and gives: a bar of the space, the limits, and what was given. */
export function SharingPanel({ figures }: { figures: StorageFigures }) {
  const { storedBytes, pinnedBytes, spaceBytes, uplinkKbps, servedBytes, fetchedBytes, peers } = figures
  const share = (bytes: number): string => `${Math.min(100, (bytes / spaceBytes) * 100)}%`
  const space = SPACES.find(({ value }) => Math.abs(Number(value) * GB - spaceBytes) < 0.1 * spaceBytes)?.value ?? null
  const uplink = UPLINKS.find(({ value }) => Number(value) === uplinkKbps)
  return (
    <section className="sharing" aria-labelledby="sharing-title">
      <h2 id="sharing-title">Space and sharing</h2>
      <div className="sharing__card">
        <div className="sharing__row">
          <div className="sharing__space">
            <span className="tabular">
              {byteWords(storedBytes)} of {byteWords(spaceBytes)} used, {byteWords(pinnedBytes)} pinned
            </span>
            <div
              className="sharing__bar"
              role="meter"
              aria-label="Space used"
              aria-valuemin={0}
              aria-valuemax={spaceBytes}
              aria-valuenow={storedBytes}
              aria-valuetext={`${byteWords(storedBytes)} of ${byteWords(spaceBytes)}`}
            >
              <span className="sharing__bar-all" style={{ width: share(storedBytes) }} />
              <span className="sharing__bar-pinned" style={{ width: share(pinnedBytes) }} />
            </div>
          </div>
          <Button disabled={storedBytes <= pinnedBytes} onClick={freeSpace}>
            Free up space
          </Button>
        </div>
        <div className="sharing__row">
          <span>
            Space for files
            <span className="sharing__hint">When it is used up, the longest unused goes first; pinned files stay</span>
          </span>
          <div className="sharing__choice">
            <Segmented
              label="Space for files"
              segments={SPACES}
              value={space}
              onChange={(value) => change({ spaceBytes: Number(value) * GB, uplinkKbps })}
            />
          </div>
        </div>
        <div className="sharing__row">
          <span>
            Upload to others
            <span className="sharing__hint">
              {uplink === undefined
                ? `${uplinkKbps / 1000} Mbps, chosen in Settings`
                : 'All together; your own live goes first'}
            </span>
          </span>
          <div className="sharing__choice">
            <Segmented
              label="Upload to others"
              segments={UPLINKS}
              value={uplink?.value ?? null}
              onChange={(value) => change({ spaceBytes, uplinkKbps: Number(value) })}
            />
          </div>
        </div>
        <KeepRows />
        <div className="sharing__row">
          <span>Since you started</span>
          <span className="sharing__figures tabular">
            {byteWords(servedBytes)} given to {peers.length} {peers.length === 1 ? 'person' : 'people'},{' '}
            {byteWords(fetchedBytes)} fetched
          </span>
        </div>
      </div>
    </section>
  )
}
