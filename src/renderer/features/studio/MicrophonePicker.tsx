import { Mic } from 'lucide-react'
import { useId } from 'react'
import { useSettings } from '@/features/settings/settings-store'
import { microphonesFor, takesMicrophone } from './microphone-choice'
import { specOf } from './source-name'
import { useStudio } from './studio-store'

/** Which microphone goes with a camera or a screen; remembered. */
export function MicrophonePicker({ disabled }: { disabled: boolean }) {
  const options = useStudio((state) => state.options)
  const spec = useStudio((state) => specOf(state.source))
  const choice = useSettings((state) => state.settings.microphone)
  const id = useId()
  if (!takesMicrophone(spec)) return null
  const microphones = microphonesFor(spec, options)
  const known = choice === 'none' || microphones.some((option) => option.id === choice)
  return (
    <div className="sources__microphone">
      <label htmlFor={id}>
        <Mic size={16} strokeWidth={1.75} aria-hidden="true" />
        Microphone
      </label>
      <select
        id={id}
        value={known ? choice : ''}
        disabled={disabled}
        onChange={(event) => void useStudio.getState().setMicrophone(event.target.value)}
      >
        <option value="">{microphones.length > 0 ? 'System default' : 'None was found'}</option>
        {microphones
          .filter((option) => !option.id.endsWith(':default'))
          .map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        <option value="none">No sound</option>
      </select>
    </div>
  )
}
