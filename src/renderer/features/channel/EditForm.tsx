import { CATEGORY_WORDS, categoryName } from '@shared/community/categories'
import { ArrowUp, Plus, X } from 'lucide-react'
import { useId, type SubmitEvent } from 'react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { countWords } from './channel-words'
import { cancelEdit, changeForm, saveEdit, useEdit, type ChannelForm } from './edit-store'
import { AVATAR_SIZE, COVER_SIZE } from './picture-file'
import { PictureField } from './PictureField'

/** The own channel, changed where it stands; or a further one being made. */
export function EditForm({ account, isNew }: { account: string; isNew: boolean }) {
  const { form, saving, problem, editing } = useEdit()
  const id = useId()
  const onProblem = (message: string): void => useEdit.setState({ problem: message })
  const hasProfile = !isNew && editing !== null && editing.slug === 'main'

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void saveEdit()
  }

  return (
    <form className="edit" aria-label={isNew ? 'New channel' : 'Edit channel'} onSubmit={submit} noValidate>
      <div className="edit__pictures">
        <PictureField
          label="Cover"
          className="edit__cover"
          picture={form.cover}
          size={COVER_SIZE}
          onChange={(cover) => changeForm({ cover })}
          onProblem={onProblem}
        />
        <PictureField
          label="Picture"
          className="edit__avatar"
          picture={form.avatar}
          size={AVATAR_SIZE}
          onChange={(avatar) => changeForm({ avatar })}
          onProblem={onProblem}
        >
          <Avatar account={account} name={form.name} size={112} />
        </PictureField>
      </div>
      <div className="edit__fields">
        <div className="details__pair">
          <TextField label="Name" value={form.name} max={60} onChange={(name) => changeForm({ name })} />
          {isNew ? (
            <TextField
              label="Short name, for its address"
              value={form.slug}
              max={40}
              placeholder="music"
              onChange={(slug) => changeForm({ slug: slug.toLowerCase() })}
            />
          ) : (
            hasProfile && (
              <TextField
                label="Handle"
                value={form.handle}
                max={40}
                placeholder="anna"
                onChange={(handle) => changeForm({ handle: handle.toLowerCase().replace(/^@/, '') })}
              />
            )
          )}
        </div>
        <AreaField label="About it" rows={3} value={form.bio} max={1_000} onChange={(bio) => changeForm({ bio })} />
        <div className="details__pair">
          <div className="field">
            <label htmlFor={`${id}-category`}>Category</label>
            <select
              id={`${id}-category`}
              value={form.category}
              onChange={(event) => changeForm({ category: event.currentTarget.value })}
            >
              {[...new Set([...CATEGORY_WORDS, form.category])].map((word) => (
                <option key={word} value={word}>
                  {categoryName(word)}
                </option>
              ))}
            </select>
          </div>
        </div>
        {hasProfile && <LinkFields links={form.links} />}
        <AreaField
          label="Rules of the channel"
          rows={3}
          value={form.rules}
          max={4_000}
          onChange={(rules) => changeForm({ rules })}
        />
        <AreaField
          label="Moderators, an address a line"
          rows={2}
          value={form.mods}
          max={4_500}
          onChange={(mods) => changeForm({ mods })}
        />
        {form.sections.length > 0 && <SectionFields sections={form.sections} />}
      </div>
      <div className="edit__foot">
        <p className="channel__problem" role="alert">
          {problem}
        </p>
        <Button variant="quiet" disabled={saving} onClick={cancelEdit}>
          Cancel
        </Button>
        <Button type="submit" variant="accent" busy={saving}>
          {isNew ? 'Make channel' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

interface TextFieldProps {
  label: string
  value: string
  max: number
  onChange: (value: string) => void
}

function TextField({ label, value, max, placeholder, onChange }: TextFieldProps & { placeholder?: string }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        maxLength={max}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  )
}

function AreaField({ label, value, max, rows, onChange }: TextFieldProps & { rows: number }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        maxLength={max}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  )
}

function LinkFields({ links }: { links: ChannelForm['links'] }) {
  const change = (at: number, part: Partial<ChannelForm['links'][number]>): void =>
    changeForm({ links: links.map((link, i) => (i === at ? { ...link, ...part } : link)) })
  return (
    <fieldset className="edit__group">
      <legend>Links</legend>
      {links.map((link, at) => (
        <div key={at} className="edit__line">
          <input
            type="text"
            aria-label={`Title of link ${at + 1}`}
            placeholder="My site"
            maxLength={60}
            value={link.title}
            onChange={(event) => change(at, { title: event.currentTarget.value })}
          />
          <input
            type="url"
            aria-label={`Address of link ${at + 1}`}
            placeholder="https://"
            maxLength={300}
            value={link.url}
            onChange={(event) => change(at, { url: event.currentTarget.value.trim() })}
          />
          <IconButton
            label={`Remove link ${at + 1}`}
            align="end"
            onClick={() => changeForm({ links: links.filter((_, i) => i !== at) })}
          >
            <X size={16} />
          </IconButton>
        </div>
      ))}
      {links.length < 10 && (
        <Button
          variant="quiet"
          icon={<Plus size={16} />}
          onClick={() => changeForm({ links: [...links, { title: '', url: 'https://' }] })}
        >
          Add a link
        </Button>
      )}
    </fieldset>
  )
}

function SectionFields({ sections }: { sections: ChannelForm['sections'] }) {
  const up = (at: number): void => {
    const moved = [...sections]
    const [one] = moved.splice(at, 1)
    moved.splice(at - 1, 0, one!)
    changeForm({ sections: moved })
  }
  return (
    <fieldset className="edit__group">
      <legend>Shelves</legend>
      {sections.map(({ title, items }, at) => (
        <div key={at} className="edit__line">
          <input
            type="text"
            aria-label={`Name of shelf ${at + 1}`}
            maxLength={60}
            value={title}
            onChange={(event) => {
              const named = event.currentTarget.value
              changeForm({ sections: sections.map((one, i) => (i === at ? { ...one, title: named } : one)) })
            }}
          />
          <span className="edit__count">{countWords(items.length, 'item')}</span>
          <IconButton label={`Move ${title} up`} disabled={at === 0} onClick={() => up(at)}>
            <ArrowUp size={16} />
          </IconButton>
          <IconButton
            label={`Remove the shelf ${title}`}
            align="end"
            onClick={() => changeForm({ sections: sections.filter((_, i) => i !== at) })}
          >
            <X size={16} />
          </IconButton>
        </div>
      ))}
    </fieldset>
  )
}
