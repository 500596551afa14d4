import { CATEGORY_WORDS, categoryName } from '@shared/community/categories'
import { LICENCES, WARNINGS, type VideoDetails } from '@shared/publishing/video-draft'
import { useId, useState } from 'react'
import { LANGUAGES, languageName, licenceName } from './channel-words'

const WARNING_NAMES: Readonly<Record<(typeof WARNINGS)[number], string>> = {
  nudity: 'Nudity',
  violence: 'Violence',
  flashing: 'Flashing light',
}

type Shown = Omit<VideoDetails, 'coverMs'>

interface DetailsFieldsProps {
  details: Shown
  onChange: (change: Partial<Shown>) => void
  disabled: boolean
  titleProblem: string | null
}

/** What is said of a video, in fields. */
export function DetailsFields({ details, onChange, disabled, titleProblem }: DetailsFieldsProps) {
  const id = useId()
  const categories = CATEGORY_WORDS.includes(details.category) ? CATEGORY_WORDS : [details.category, ...CATEGORY_WORDS]
  return (
    <fieldset className="details" disabled={disabled}>
      <div className="field">
        <label htmlFor={`${id}-title`}>Title</label>
        <input
          id={`${id}-title`}
          type="text"
          value={details.title}
          maxLength={150}
          required
          aria-invalid={titleProblem !== null}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-desc`}>Description</label>
        <textarea
          id={`${id}-desc`}
          rows={3}
          value={details.desc}
          maxLength={5_000}
          onChange={(event) => onChange({ desc: event.currentTarget.value })}
        />
      </div>
      <div className="details__pair">
        <div className="field">
          <label htmlFor={`${id}-category`}>Category</label>
          <select
            id={`${id}-category`}
            value={details.category}
            onChange={(event) => onChange({ category: event.currentTarget.value })}
          >
            {categories.map((word) => (
              <option key={word} value={word}>
                {categoryName(word)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-lang`}>Language</label>
          <select
            id={`${id}-lang`}
            value={details.lang ?? ''}
            onChange={(event) =>
              onChange({ lang: event.currentTarget.value === '' ? null : event.currentTarget.value })
            }
          >
            <option value="">No language</option>
            {[...new Set([...LANGUAGES, ...(details.lang === null ? [] : [details.lang])])].map((tag) => (
              <option key={tag} value={tag}>
                {languageName(tag)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <TagField tags={details.tags} onChange={(tags) => onChange({ tags })} />
      <div className="field">
        <label htmlFor={`${id}-licence`}>Licence</label>
        <select
          id={`${id}-licence`}
          value={details.licence}
          onChange={(event) => onChange({ licence: event.currentTarget.value as Shown['licence'] })}
        >
          {LICENCES.map((licence) => (
            <option key={licence} value={licence}>
              {licenceName(licence)}
            </option>
          ))}
        </select>
      </div>
      <fieldset className="details__warnings">
        <legend>It shows</legend>
        {WARNINGS.map((warning) => (
          <label key={warning} className="check">
            <input
              type="checkbox"
              checked={details.warn.includes(warning)}
              onChange={(event) => {
                const others = details.warn.filter((one) => one !== warning)
                onChange({ warn: event.currentTarget.checked ? [...others, warning] : others })
              }}
            />
            {WARNING_NAMES[warning]}
          </label>
        ))}
      </fieldset>
    </fieldset>
  )
}

/** Words with commas between them; what is being typed stays as it is typed. */
function TagField({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const id = useId()
  const [typed, setTyped] = useState(tags.join(', '))
  const parse = (text: string): string[] => {
    const words = text.split(/[,，#\n]/).map((word) => word.trim().slice(0, 40))
    return [...new Set(words.filter((word) => word !== ''))].slice(0, 20)
  }
  return (
    <div className="field">
      <label htmlFor={id}>Tags</label>
      <input
        id={id}
        type="text"
        value={typed}
        placeholder="walk, city, evening"
        maxLength={900}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          onChange(parse(event.currentTarget.value))
        }}
        onBlur={() => setTyped(parse(typed).join(', '))}
      />
    </div>
  )
}
