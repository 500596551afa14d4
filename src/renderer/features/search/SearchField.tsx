import { Search, X } from 'lucide-react'
import { useEffect, useId, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { usePage } from '@/app/page-store'
import { tellProblem } from '@/app/tell-problem'
import { openChannel } from '@/features/channel/channel-store'
import { goToTarget, openLink } from '@/features/share/go-to-target'
import { useWatch } from '@/features/watch/watch-store'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { optionTarget, searchGroups, type SearchOption } from './search-options'
import { addressIn, useSearch } from './search-store'
import { SearchRow } from './SearchRow'
import './search.css'

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

async function openAddress(text: string): Promise<void> {
  const address = addressIn(text)
  if (address === 'account') openChannel(text.trim().toLowerCase())
  else if (!(await openLink(text))) {
    usePage.getState().go('watch')
    void useWatch.getState().open(text.trim())
  }
}

/** `/` and Ctrl+K lead to the field from everywhere. */
function useSearchKeys(focus: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const isSlash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)
      const isK =
        event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      if ((!isSlash && !isK) || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      usePage.getState().go('home')
      requestAnimationFrame(focus) // the page may have been hidden
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [focus])
}

/** The search of everything, as one types; for the top of Home. */
export function SearchField() {
  const { text, open, found, answered, problem, recent } = useSearch()
  const { type, searchAll, setOpen, keep, forget } = useSearch.getState()
  const [active, setActive] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()

  const [focus] = useState(() => () => {
    input.current?.focus()
    input.current?.select()
  })
  useSearchKeys(focus)

  const groups = searchGroups(addressIn(text), text, found, recent)
  const options = groups.flatMap((group) => group.options)
  const at = Math.min(active, options.length - 1)
  const isEmpty = text.trim() !== '' && found !== null && options.length === 0
  const isShown = open && (options.length > 0 || isEmpty || problem !== '' || text.trim() === '')

  useEffect(() => {
    if (at >= 0) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const leave = (): void => {
    setOpen(false)
    setActive(-1)
    input.current?.blur()
  }

  const choose = (option: SearchOption): void => {
    if (option.kind === 'recent') {
      type(option.text)
      input.current?.focus()
      return
    }
    if (option.kind === 'address') {
      openAddress(text).then(() => type(''), tellProblem)
      leave()
      return
    }
    const target = optionTarget(option)
    if (target === null) return
    keep()
    leave()
    goToTarget(target)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault()
        setOpen(true)
        const step = event.key === 'ArrowDown' ? 1 : -1
        const count = options.length
        if (count > 0) setActive(at + step < -1 ? count - 1 : at + step >= count ? -1 : at + step)
        return
      }
      case 'Enter': {
        event.preventDefault()
        const option = options[at] ?? (options[0]?.kind === 'address' ? options[0] : undefined)
        if (option === undefined) searchAll()
        else choose(option)
        return
      }
      case 'Escape':
        event.preventDefault()
        if (isShown && text !== '') {
          type('')
          setActive(-1)
        } else leave()
        return
      default:
    }
  }

  const onBlur = (event: FocusEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
  }

  return (
    <div className="search" role="search" onBlur={onBlur}>
      <div className="search__field">
        <Search size={16} aria-hidden="true" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Search videos, channels, people and comments"
          aria-expanded={isShown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isShown && at >= 0 ? `${id}-${at}` : undefined}
          placeholder="Search, or paste a link"
          title="Search (/ or Ctrl+K)"
          spellCheck={false}
          autoComplete="off"
          maxLength={2048}
          value={text}
          onFocus={() => setOpen(true)}
          onChange={(event) => {
            setActive(-1)
            type(event.currentTarget.value)
          }}
          onKeyDown={onKeyDown}
        />
        {text === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <IconButton
            label="Clear"
            side="bottom"
            onClick={() => {
              type('')
              input.current?.focus()
            }}
          >
            <X size={16} />
          </IconButton>
        )}
      </div>
      <div className="search__panel" hidden={!isShown} ref={list}>
        <div id={`${id}-list`} role="listbox" aria-label="Found">
          {groups.map((group) => (
            <div key={group.title} role="group" aria-label={group.title}>
              <p className="search__group" aria-hidden="true">
                {group.title}
              </p>
              {group.options.map((option) => {
                const index = options.indexOf(option)
                return (
                  <div
                    key={option.key}
                    id={`${id}-${index}`}
                    role="option"
                    aria-selected={index === at}
                    className="search__row"
                    onMouseDown={(event) => event.preventDefault()}
                    onMouseMove={() => setActive(index)}
                    onClick={() => choose(option)}
                  >
                    <SearchRow option={option} question={answered} />
                  </div>
                )
              })}
            </div>
          ))}
        </div>
        {problem !== '' && (
          <p className="search__note" role="alert">
            {problem}
          </p>
        )}
        {isEmpty && problem === '' && (
          <p className="search__note" role="status">
            Nothing on this computer holds “{answered}”. Search looks through what has come from people you follow and
            from computers around you; fewer words find more, and a link finds what is elsewhere.
          </p>
        )}
        {text.trim() === '' && recent.length === 0 && (
          <p className="search__note">
            Titles, tags, names and comments are searched as you type, on this computer only.
          </p>
        )}
        {text.trim() === '' && recent.length > 0 && (
          <Button variant="quiet" className="button--small search__forget" onClick={forget}>
            Forget recent searches
          </Button>
        )}
      </div>
    </div>
  )
}
