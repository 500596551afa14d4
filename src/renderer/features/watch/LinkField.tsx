import { Link } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { tellProblem } from '@/app/tell-problem'
import { openLink } from '@/features/share/go-to-target'
import { Button } from '@/ui/Button'
import { useWatch } from './watch-store'

/** Opens a live or another video by its link. */
export function LinkField() {
  const [link, setLink] = useState('')
  const open = useWatch((state) => state.open)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const text = link.trim()
    if (text === '') return
    // a link to a video, a channel or a person is opened on its page; the rest is played here
    openLink(text).then((isOurs) => {
      if (!isOurs) void open(text)
    }, tellProblem)
  }

  return (
    <form className="link-field" onSubmit={submit}>
      <Link size={16} />
      <input
        type="text"
        aria-label="Link of a live or a video"
        placeholder="we://, https:// or rtmp:// link"
        spellCheck={false}
        value={link}
        maxLength={2048}
        onChange={(event) => setLink(event.currentTarget.value)}
      />
      <Button type="submit" className="button--small" disabled={link.trim() === ''}>
        Open link
      </Button>
    </form>
  )
}
