import { create } from 'zustand'

export interface Toast {
  id: number
  level: 'info' | 'problem'
  message: string
  action?: ToastAction
}

/** Something the person may want to do about the message; doing it dismisses the toast. */
export interface ToastAction {
  label: string
  run: () => void
}

/** How long an `info` toast stays, milliseconds; a `problem` stays until it is dismissed. */
export const INFO_TOAST_MS = 5000
/** The same with an action, which takes longer to decide on. */
export const ACTION_TOAST_MS = 20_000

interface ToastState {
  toasts: readonly Toast[]
  /** Adds a toast; the same words are not shown twice at once. */
  show: (level: Toast['level'], message: string, action?: ToastAction) => void
  dismiss: (id: number) => void
}

let nextId = 1

export const useToasts = create<ToastState>()((set) => ({
  toasts: [],
  show: (level, message, action) =>
    set(({ toasts }) => ({
      toasts: [
        ...toasts.filter((toast) => toast.message !== message || toast.level !== level),
        { id: nextId++, level, message, ...(action ? { action } : {}) },
      ].slice(-4),
    })),
  dismiss: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
}))
