import { useWallet } from '@/features/wallet/wallet-store'
import { SafetyDialog } from '@/features/safety/SafetyDialog'
import { Button } from '@/ui/Button'
import { entryWords, useBackup } from './backup-store'
import { kindWords } from './kind-words'

const day = (ms: number): string => new Date(ms).toLocaleDateString(undefined, { dateStyle: 'long' })

/** What a backup holds, before anything of it is taken in. */
export function RestoreDialog() {
  const looked = useBackup((state) => state.looked)
  const { restore, leave } = useBackup.getState()
  const active = useWallet((state) => state.wallet?.active ?? null)
  if (looked === null) return null
  const { file, account, name, devices, entries, fresh, from, to, kinds } = looked
  const rows = [
    ['Whose', name ?? 'No name in it'],
    ['Account', account],
    ['Holds', `${entryWords(entries)} of ${devices} ${devices === 1 ? 'device' : 'devices'}`],
    ['Among them', kindWords(kinds)],
    ['Period', day(from) === day(to) ? day(from) : `${day(from)} to ${day(to)}`],
    ['New here', fresh === 0 ? 'Nothing: all of it is on this computer' : entryWords(fresh)],
  ]
  return (
    <SafetyDialog title={`Restore ${file}`} onClose={leave}>
      <dl className="backup__facts">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className="selectable">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="safety__hint">Every entry was checked: hashes, order, and the signatures of its devices.</p>
      {active === null && (
        <p className="safety__hint">
          There is no account here yet. It shows at once; to go on as this person, import their account in Wallet.
        </p>
      )}
      <div className="safety__buttons">
        <Button variant="quiet" onClick={leave}>
          {fresh === 0 ? 'Close' : 'Cancel'}
        </Button>
        {fresh > 0 && (
          <Button variant="accent" onClick={restore}>
            Restore {entryWords(fresh)}
          </Button>
        )}
      </div>
    </SafetyDialog>
  )
}
