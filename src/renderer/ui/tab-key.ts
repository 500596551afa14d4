import type { KeyboardEvent } from 'react'

/**
 * Keys in a row of tabs, as WAI-ARIA has them: arrows, Home and End move and choose. The tab of `id` has the DOM id
 * `<base>-<id>`.
 */
export function onTabKey<T extends string>(
  event: KeyboardEvent<HTMLElement>,
  {
    tabs,
    current,
    base,
    choose,
  }: {
    tabs: readonly { readonly id: T }[]
    current: T
    base: string
    choose: (id: T) => void
  },
): void {
  const at = tabs.findIndex(({ id }) => id === current)
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  const { id } = tabs[(next + tabs.length) % tabs.length]!
  choose(id)
  document.getElementById(`${base}-${id}`)?.focus()
}
