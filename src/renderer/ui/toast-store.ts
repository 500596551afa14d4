import { create } from 'zustand'

export interface Toast {
  id: number
  level: 'info' | 'problem'
  message: string
  more?: ToastExtra
}

/** A smaller second line and something to do about the message; doing it dismisses the toast. */
export interface ToastExtra {
  detail: string
  action: string
  run: () => void
}

/** How long an `info` toast stays, milliseconds; a `problem` stays until it is dismissed. */
export const INFO_TOAST_MS = 5000
/** The same with an action, which takes longer to decide on. */
export const ACTION_TOAST_MS = 20_000

interface ToastState {
  toasts: readonly Toast[]
  /**
   * Adds a toast. The same words are not shown twice at once, and what can be done about something newer takes the
   * place of the same for something older.
   */
  show: (level: Toast['level'], message: string, more?: ToastExtra) => void
  dismiss: (id: number) => void
}

let nextId = 1

export const useToasts = create<ToastState>()((set) => ({
  toasts: [],
  show: (level, message, more) =>
    set(({ toasts }) => ({
      toasts: [
        ...toasts.filter(
          (toast) =>
            (toast.message !== message || toast.level !== level) &&
            (more === undefined || toast.more?.action !== more.action),
        ),
        { id: nextId++, level, message, ...(more ? { more } : {}) },
      ].slice(-4),
    })),
  dismiss: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
}))
