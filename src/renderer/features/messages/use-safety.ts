import { useEffect, useState } from 'react'
import { studioClient } from '@/app/studio-client'
import { useVerifiedNumber } from './verified-numbers'

export type Safety = 'unverified' | 'verified' | 'changed'

/** Whether the keys of somebody are those that were compared; asked for only where something was compared. */
export function useSafety(account: string | undefined): Safety {
  const compared = useVerifiedNumber(account)
  const [now, setNow] = useState<{ account: string; digits: string } | null>(null)

  useEffect(() => {
    if (account === undefined || compared === undefined) return
    let isOver = false
    studioClient()
      .messages.safetyNumber(account)
      .then(
        ({ digits }) => {
          if (!isOver) setNow({ account, digits })
        },
        () => undefined, // said where it is asked for
      )
    return () => {
      isOver = true
    }
  }, [account, compared])

  if (compared === undefined) return 'unverified'
  if (now === null || now.account !== account) return 'verified'
  return now.digits === compared ? 'verified' : 'changed'
}
