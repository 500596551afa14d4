import { RotateCcw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ForYouSettings } from '@shared/community/for-you'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { Button } from '@/ui/Button'
import { Slider } from '@/ui/Slider'
import { Toggle } from '@/ui/Toggle'
import { useToasts } from '@/ui/toast-store'
import { useHome } from './home-store'

const SAVE_MS = 400

/** How "For you" chooses: on or off, two sliders, and forgetting it all. */
export function TunePanel() {
  const [settings, setSettings] = useState<ForYouSettings | null>(null)
  const [changed, setChanged] = useState<ForYouSettings | null>(null)
  const [asking, setAsking] = useState(false)

  useEffect(() => {
    studioClient().forYou.getSettings().then(setSettings, tellProblem)
  }, [])

  // a slider on its way says many numbers
  useEffect(() => {
    if (changed === null) return
    const timer = setTimeout(() => {
      studioClient()
        .forYou.setSettings(changed)
        .then(() => useHome.getState().choose('forYou'), tellProblem)
    }, SAVE_MS)
    return () => clearTimeout(timer)
  }, [changed])

  const change = (part: Partial<ForYouSettings>): void => {
    if (settings === null) return
    const next = { ...settings, ...part }
    setSettings(next)
    setChanged(next)
  }

  const reset = (): void => {
    setAsking(false)
    studioClient()
      .forYou.reset()
      .then(() => {
        useToasts.getState().show('info', 'Forgotten. Recommendations start from nothing.')
        useHome.getState().choose('forYou')
      }, tellProblem)
  }

  if (settings === null) return null
  return (
    <section className="tune" aria-label="Tune recommendations">
      <div className="tune__fields">
        <Toggle label="Learn from what I watch" checked={settings.on} onChange={(on) => change({ on })} />
        <Slider
          label="Familiar or fresh"
          value={Math.round(settings.fresh * 100)}
          ends={['familiar', 'fresh']}
          disabled={!settings.on}
          onChange={(value) => change({ fresh: value / 100 })}
        />
        <Slider
          label="Niche or popular"
          value={Math.round(settings.popular * 100)}
          ends={['niche', 'popular']}
          disabled={!settings.on}
          onChange={(value) => change({ popular: value / 100 })}
        />
      </div>
      <div className="tune__foot">
        <p>
          {settings.on
            ? 'What you watch stays in one file on this computer. No peer and no record ever has it.'
            : 'Off: nothing is noted, and everybody sees the same list here.'}
        </p>
        {asking ? (
          <span className="tune__ask">
            Forget all that was learnt?
            <Button onClick={reset}>Forget</Button>
            <Button variant="quiet" onClick={() => setAsking(false)}>
              Keep
            </Button>
          </span>
        ) : (
          <Button variant="quiet" icon={<RotateCcw size={15} />} onClick={() => setAsking(true)}>
            Start anew
          </Button>
        )}
      </div>
    </section>
  )
}
