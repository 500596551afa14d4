import { Link } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { Button } from '@/ui/Button'
import { useLibrary } from './library-store'

/** Opens a file by its link or CID. */
export function FileLinkField() {
  const [link, setLink] = useState('')
  const play = useLibrary((state) => state.play)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const address = link.trim()
    if (address !== '') void play(address, 'Shared file')
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
