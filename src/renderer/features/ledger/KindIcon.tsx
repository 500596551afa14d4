import {
  ArrowLeftRight,
  BadgePercent,
  Bookmark,
  Coins,
  DoorOpen,
  FileQuestionMark,
  Gift,
  HandCoins,
  KeyRound,
  Palette,
  PiggyBank,
  Radio,
  Scale,
  ShoppingBag,
  Ticket,
  TriangleAlert,
  Wallet,
  type LucideIcon,
} from 'lucide-react'
import type { EntryKind } from '@shared/ledger/ledger-entry'

const ICONS: Readonly<Record<EntryKind, LucideIcon>> = {
  gift: Gift,
  settlement: HandCoins,
  share: BadgePercent,
  deposit: PiggyBank,
  withdrawal: Wallet,
  exit: DoorOpen,
  shortfall: TriangleAlert,
  purchase: ShoppingBag,
  packets: Ticket,
  live: Radio,
  registration: Bookmark,
  design: Palette,
  faucet: Coins,
  transfer: ArrowLeftRight,
  approval: KeyRound,
  rule: Scale,
  transaction: FileQuestionMark,
}

/** A picture for a kind of entry; the words say the same. */
export function KindIcon({ kind, size = 16 }: { kind: EntryKind; size?: number }) {
  const Icon = ICONS[kind]
  return <Icon size={size} strokeWidth={1.75} aria-hidden="true" />
}
