import { useMemo } from 'react'
import { useGifts } from '@/features/gifts/gift-store'

const MOST = 3

/** Accounts that gave most in the live, the first one first. */
export function useSupporters(where: 'watch' | 'studio'): readonly string[] {
  const key = useGifts(({ viewer, creator }) =>
    ((where === 'watch' ? viewer : creator)?.supporters ?? [])
      .slice(0, MOST)
      .map(({ payer }) => payer.toLowerCase())
      .join(' '),
  )
  return useMemo(() => key.split(' ').filter(Boolean), [key])
}
