import { UserRoundPlus } from 'lucide-react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { usePage } from '@/app/page-store'
import { Button } from '@/ui/Button'
import { openSheet, useWallet } from './wallet-store'
import './onboarding.css'

/** Offers an account at the first start, in one step; "later" is remembered, and all that needs no money works without. */
export function OnboardingBar() {
  const isWanted = useWallet(({ wallet }) => wallet !== null && wallet.accounts.length === 0 && !wallet.later)
  const isOffered = usePage(({ page }) => page === 'wallet') // the page itself offers it
  if (!isWanted || isOffered) return null
  return (
    <aside className="onboarding" aria-label="Your account">
      <UserRoundPlus size={18} aria-hidden="true" />
      <p>
        <strong>Make your account.</strong> A name and a passphrase, and you can send and receive gifts.
      </p>
      <Button variant="quiet" onClick={() => void studioClient().wallet.later().catch(tellProblem)}>
        Later
      </Button>
      <Button onClick={() => openSheet('create')}>Make account</Button>
    </aside>
  )
}
