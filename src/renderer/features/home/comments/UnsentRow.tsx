import type { Comments, Unsent } from './use-comments'

/** A comment on its way, or one that could not be said: its words are not lost. */
export function UnsentRow({ unsent, comments }: { unsent: Unsent; comments: Comments }) {
  return (
    <div className="comment comment--unsent" data-state={unsent.state}>
      <div className="comment__body">
        <p className="comment__text selectable">{unsent.text}</p>
        <div className="comment__acts" role="status">
          {unsent.state === 'sending' ? (
            <span>Sending…</span>
          ) : (
            <>
              <span>Not sent</span>
              <button type="button" onClick={() => comments.again(unsent)}>
                Try again
              </button>
              <button type="button" onClick={() => comments.forget(unsent)}>
                Discard
              </button>
            </>
          )}
        </div>
      </div>
    </div>
  )
}
