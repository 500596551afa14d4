import { useSettings } from '@/features/settings/settings-store'
import { Toggle } from '@/ui/Toggle'

/** Whether the next live is also recorded here; remembered. */
export function RecordToggle({ disabled }: { disabled: boolean }) {
  const record = useSettings((state) => state.settings.record)
  const remember = useSettings((state) => state.remember)
  return (
    <div className="golive__record">
      <Toggle
        label="Record this live on this computer"
        checked={record}
        disabled={disabled}
        onChange={(next) => remember({ record: next })}
      />
    </div>
  )
}
