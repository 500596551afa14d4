import { useId, useState, type SubmitEvent } from 'react'
import { WebBase } from '@shared/ipc/sharing-schema'
import { useRelay } from '@/features/relay/relay-store'
import { useSettings } from '@/features/settings/settings-store'
import { Button } from '@/ui/Button'
import { Toggle } from '@/ui/Toggle'

/** Links that this person shares: which page shows them in browsers, and whether sharing is told. */
export function LinksSection() {
  const kept = useSettings(({ settings }) => settings.shareBase)
  const record = useSettings(({ settings }) => settings.shareRecord)
  const remember = useSettings((state) => state.remember)
  const { choice, status } = useRelay((state) => state.relay)
  const own = status.state === 'on' && choice.address !== undefined && choice.address !== '' ? choice.address : null
  const [text, setText] = useState(kept)
  const id = useId()
  const wanted = text.trim()
  const isWrong = !WebBase.safeParse(wanted).success

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!isWrong) remember({ shareBase: wanted })
  }

  const words =
    kept !== ''
      ? 'Links for browsers begin with it; what they lead to stands behind a #, so that no server is told of it.'
      : own !== null
        ? `Not set: links for browsers use the page of your relay, ${own}/open/.`
        : 'None: there is no server of ours that could show links. Your links begin with we:// and open where WE Studio is installed. A relay of yours or of somebody you know has such a page: https://relay.example.org/open/'

  return (
    <section aria-labelledby="settings-links">
      <h2 id="settings-links">Links you share</h2>
      <div className="settings__card">
        <form className="settings__switch" onSubmit={submit} noValidate>
          <label htmlFor={id}>Page for browsers (optional)</label>
          <div className="safety__adder">
            <input
              id={id}
              type="url"
              maxLength={200}
              placeholder="https://relay.example.org/open/"
              spellCheck={false}
              value={text}
              aria-invalid={isWrong}
              aria-describedby={`${id}-words`}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit" disabled={isWrong || wanted === kept}>
              Use
            </Button>
          </div>
          <p id={`${id}-words`} className="settings__hint" role={isWrong ? 'alert' : undefined}>
            {isWrong ? 'This is no address of a page. It looks like https://relay.example.org/open/' : words}
          </p>
        </form>
        <div className="settings__switch">
          <Toggle
            label="Others see what you shared"
            checked={record}
            onChange={(on) => remember({ shareRecord: on })}
          />
          <p className="settings__hint">
            Your log then says what you passed on and where, signed by you. It helps others find good things.
          </p>
        </div>
      </div>
    </section>
  )
}
