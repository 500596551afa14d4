import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names'
import { Tooltip } from './Tooltip'
import './button.css'

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'aria-label'> {
  /** The accessible name, also shown as the tooltip. */
  label: string
  children: ReactNode
  variant?: 'quiet' | 'glass' | 'plain'
  /** Key that does the same, shown in the tooltip. */
  shortcut?: string
  side?: 'top' | 'bottom'
  align?: 'center' | 'end'
  ref?: Ref<HTMLButtonElement>
}

/** A square button with only an icon; its name is always shown on hover and focus. */
export function IconButton({
  label,
  children,
  variant = 'quiet',
  shortcut,
  side,
  align,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip
      text={shortcut === undefined ? label : `${label} (${shortcut})`}
      side={side ?? 'top'}
      align={align ?? 'center'}
    >
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={classNames('button', 'button--icon', `button--${variant}`, className)}
      >
        {children}
      </button>
    </Tooltip>
  )
}
