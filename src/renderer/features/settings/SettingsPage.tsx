import { Copy, Monitor, Moon, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEngines } from '@/app/engine-store'
import { studioClient } from '@/app/studio-client'
import { BackupSection } from '@/features/backup/BackupSection'
import { ForeignRelaySection } from '@/features/relay/ForeignRelaySection'
import { IncomingSection } from '@/features/relay/IncomingSection'
import { SafetySection } from '@/features/safety/SafetySection'
import { LinksSection } from '@/features/share/LinksSection'
import { IconButton } from '@/ui/IconButton'
import { Segmented } from '@/ui/Segmented'
import { useToasts } from '@/ui/toast-store'
import { LiveSection } from './LiveSection'
import { NetworkSection } from './NetworkSection'
import { useSettings } from './settings-store'
import './settings.css'

const THEMES = [
  { value: 'system', label: 'System', icon: <Monitor size={16} /> },
  { value: 'dark', label: 'Dark', icon: <Moon size={16} /> },
  { value: 'light', label: 'Light', icon: <Sun size={16} /> },
] as const

const ENGINES = [
  { name: 'media', label: 'Picture and sound' },
  { name: 'peer', label: 'Network' },
] as const

const ENGINE_WORDS = { starting: 'Starting', ready: 'Ready', restarting: 'Restarting', failed: 'Stopped' } as const

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="settings__row">
      <dt>{term}</dt>
      <dd className="selectable">{children}</dd>
    </div>
  )
}

function EngineRows() {
  const engines = useEngines((state) => state.engines)
  return (
    <dl className="settings__card">
      {ENGINES.map(({ name, label }) => {
        const state = engines[name]?.state ?? 'starting'
        return (
          <Row key={name} term={label}>
            <span className="engine-state" data-state={state}>
              {ENGINE_WORDS[state]}
            </span>
            {state !== 'ready' && <span className="settings__detail">{engines[name]?.message}</span>}
          </Row>
        )
      })}
    </dl>
  )
}

function AboutRows() {
  const info = useSettings((state) => state.info)
  const show = useToasts((state) => state.show)
  if (info === null) return null

  const copyFolder = (): void => {
    void studioClient()
      .app.copyText(info.dataDir)
      .then(() => show('info', 'Folder copied.'))
  }

  return (
    <>
      <dl className="settings__card">
        <Row term="WE Studio">{info.version}</Row>
        <Row term="Electron">{info.electron}</Row>
        <Row term="Chromium">{info.chrome}</Row>
        <Row term="System">{info.platform}</Row>
        <Row term="Your data">
          <span className="settings__path">{info.dataDir}</span>
          <IconButton label="Copy folder" onClick={copyFolder}>
            <Copy size={16} />
          </IconButton>
        </Row>
      </dl>
      {info.testBuild && (
        <p className="settings__warning">
          This window runs on a development build of Electron. It is for making and testing WE Studio, not for giving to
          others.
        </p>
      )}
    </>
  )
}

/** Appearance, the state of the engines, and what this copy of the app is. */
export function SettingsPage() {
  const theme = useSettings((state) => state.settings.theme)
  const remember = useSettings((state) => state.remember)
  return (
    <div className="settings">
      <div className="settings__column">
        <h1>Settings</h1>
        <section aria-labelledby="settings-appearance">
          <h2 id="settings-appearance">Appearance</h2>
          <div className="settings__card settings__card--pad">
            <span>Theme</span>
            <div className="settings__theme">
              <Segmented label="Theme" segments={THEMES} value={theme} onChange={(next) => remember({ theme: next })} />
            </div>
          </div>
        </section>
        <LiveSection />
        <IncomingSection />
        <ForeignRelaySection />
        <NetworkSection />
        <SafetySection />
        <LinksSection />
        <BackupSection />
        <section aria-labelledby="settings-engines">
          <h2 id="settings-engines">Engines</h2>
          <EngineRows />
        </section>
        <section aria-labelledby="settings-about">
          <h2 id="settings-about">About</h2>
          <AboutRows />
        </section>
      </div>
    </div>
  )
}
