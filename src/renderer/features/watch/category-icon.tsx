import { ChefHat, Gamepad2, GraduationCap, MessageCircle, Music, Radio, Sparkles, Trophy } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'

const ICONS: Partial<Record<string, LucideIcon>> = {
  Talk: MessageCircle,
  Music,
  Gaming: Gamepad2,
  Beauty: Sparkles,
  Cooking: ChefHat,
  Sports: Trophy,
  Learning: GraduationCap,
}

/** A picture for a category; categories of newer peers get the general one. */
export function CategoryIcon({ category, size }: { category: string; size: number }) {
  const Icon = ICONS[category] ?? Radio
  return <Icon size={size} strokeWidth={1.25} />
}
