import { useSettings } from '@/features/settings/settings-store'
import { Toggle } from '@/ui/Toggle'
import { OwnListsPart, SubscribedPart } from './ListsPart'
import { ReportsPart } from './ReportsPart'
import { RuledThings } from './RuledThings'
import { BlockWordsPart, LabelsPart } from './WordsAndLabels'
import './safety.css'

/** What this person sees and what not; nobody else decides it. */
export function SafetySection() {
  const checkCovers = useSettings(({ settings }) => settings.checkCovers)
  const remember = useSettings((state) => state.remember)
  return (
    <section aria-labelledby="settings-safety" className="safety">
      <h2 id="settings-safety">What you see</h2>
      <div className="settings__card">
        <div className="settings__switch">
          <Toggle
            label="Look at covers on this computer"
            checked={checkCovers}
            onChange={(on) => remember({ checkCovers: on })}
          />
          <p className="settings__hint">
            Covers that seem to show nudity are veiled until you press them. It happens here; no picture leaves this
            computer for it.
          </p>
        </div>
        <ReportsPart />
        <RuledThings
          way="block"
          title="Blocked"
          empty="Nobody. Block somebody from the menu of what they made: you see nothing of them, and they are kept out of your rooms and messages."
          undo="Unblock"
        />
        <RuledThings
          way="mute"
          title="Muted"
          empty="Nobody. Who is muted is left out of your lists; they may still write in your rooms."
          undo="Unmute"
        />
        <RuledThings
          way="hide"
          title="Put away"
          empty="Nothing. Put single things away from their menu."
          undo="Show again"
        />
        <BlockWordsPart />
        <LabelsPart />
        <SubscribedPart />
        <OwnListsPart />
      </div>
    </section>
  )
}
