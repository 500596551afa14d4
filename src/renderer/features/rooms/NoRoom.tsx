import { MessagesSquare } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '@/ui/EmptyState'

/** In place of a chat: why there is none. */
export function NoRoom({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <EmptyState icon={<MessagesSquare size={26} />} title={title} actions={actions}>
      <p>{children}</p>
    </EmptyState>
  )
}
