import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names'
import './button.css'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `accent` is for the one thing a page is for; `glass` sits on a picture. */
  variant?: 'plain' | 'accent' | 'quiet' | 'glass'
  size?: 'medium' | 'large'
  icon?: ReactNode
  /** Shows a turning mark in place of the icon and refuses presses; the name stays. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** A button with words, an icon before them optional. */
export function Button({
  variant = 'plain',
  size = 'medium',
  icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={classNames('button', `button--${variant}`, `button--${size}`, className)}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon}
      {children}
    </button>
  )
}
