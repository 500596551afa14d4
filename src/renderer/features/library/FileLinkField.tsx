import { Link } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'
import { useLibrary } from './library-store'

/** A link carries its title behind a #; whoever passed it on may have changed it. */
function titleOfLink(link: string): string {
  try {
    return decodeURIComponent(/#(.+)$/.exec(link)?.[1] ?? '').slice(0, 120) || 'Shared file'
  } catch {
    return 'Shared file'
  }
}

/** Opens a file by its link or CID. */
export function FileLinkField() {
  const [link, setLink] = useState('')
  const play = useLibrary((state) => state.play)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const address = link.trim()
    if (address !== '') void play(address, titleOfLink(address))
  }

  return (
    <form className="link-field" onSubmit={submit}>
      <Link size={16} />
      <input
        type="text"
        aria-label="Link of a file"
        placeholder="Paste a link or CID"
        spellCheck={false}
        value={link}
        maxLength={1000}
        onChange={(event) => setLink(event.currentTarget.value)}
      />
      <Button type="submit" className="button--small" disabled={link.trim() === ''}>
        Open
      </Button>
    </form>
  )
}
