/** Reads one kind of body; zod's schemas are such readers. */
export interface BodySchema {
  safeParse: (body: unknown) => { success: true; data: unknown } | { success: false; error: unknown }
}

/**
 * Which bodies this version of the app understands; undefined for kinds of later versions. These are kept and passed
 * on, but nobody is shown them.
 */
export type BodySchemas = (kind: string) => BodySchema | undefined
