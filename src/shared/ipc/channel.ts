import type { z } from 'zod'

/** A call from the window to main: input and output are parsed on main's side. */
export interface Invoke<I extends z.ZodType, O extends z.ZodType> {
  kind: 'invoke'
  input: I
  output: O
}

/** A message from main to the window. */
export interface Notify<P extends z.ZodType> {
  kind: 'notify'
  payload: P
}

export type Channel = Invoke<z.ZodType, z.ZodType> | Notify<z.ZodType>
export type Schema = Record<string, Record<string, Channel>>

export function invoke<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Invoke<I, O> {
  return { kind: 'invoke', input, output }
}

export function notify<P extends z.ZodType>(payload: P): Notify<P> {
  return { kind: 'notify', payload }
}

/** What main answers on the wire: errors as data, since Electron flattens thrown ones. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: { code: string; message: string } }

/** `window.studio` as the renderer sees it: calls reject with a StudioError, events return their unsubscribe. */
export type Client<S extends Schema> = {
  [G in keyof S]: {
    [C in keyof S[G]]: S[G][C] extends Invoke<infer I, infer O>
      ? (...input: z.input<I> extends undefined ? [] : [z.input<I>]) => Promise<z.output<O>>
      : S[G][C] extends Notify<infer P>
        ? (listener: (payload: z.output<P>) => void) => () => void
        : never
  }
}

/** Main's side: one handler for each call of a group; notifications are not handled but sent. */
export type Handlers<S extends Schema> = {
  [G in keyof S]: {
    [C in keyof S[G] as S[G][C] extends Invoke<z.ZodType, z.ZodType> ? C : never]: S[G][C] extends Invoke<
      infer I,
      infer O
    >
      ? (input: z.output<I>) => Promise<z.input<O>> | z.input<O>
      : never
  }
}

/** The channel's name on the wire, e.g. `live.start`. */
export function channelName(group: string, name: string): string {
  return `${group}.${name}`
}
