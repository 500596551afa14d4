import type { KeptShow } from '@shared/storage/keep-choice'
import { byteWords } from './byte-words'

function stateWords({ state, bytes, message }: KeptShow): string {
  if (state === 'joining') return 'Connecting…'
  const kept = `${byteWords(bytes)} of your space so far`
  if (state === 'keeping') return kept
  return `${message} It is tried again while the live is on.${bytes > 0 ? ` ${kept}.` : ''}`
}

/** The lives that are kept right now. */
export function KeptNow({ shows }: { shows: readonly KeptShow[] }) {
  if (shows.length === 0) {
    return (
      <div className="sharing__row">
        <span>Being kept now</span>
        <span className="sharing__figures">None of these lives is on</span>
      </div>
    )
  }
  return (
    <div className="sharing__row keep">
      <span id="kept-now">Being kept now</span>
      <ul className="keep__list" aria-labelledby="kept-now">
        {shows.map((show) => (
          <li key={show.url} className="keep__show">
            <span className="keep__name">{show.title}</span>
            <span className={show.state === 'failed' ? 'keep__problem' : 'sharing__figures tabular'}>
              {stateWords(show)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
