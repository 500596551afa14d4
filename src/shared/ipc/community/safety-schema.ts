import { z } from 'zod'
import { ViewerRules } from '../../community/viewer-rules'
import { SubjectText } from '../../community/subject'
import { invoke, notify } from '../channel'

/** What this person does not want to see; it stays on this computer. */
export const safetySchema = {
  getRules: invoke(z.void(), ViewerRules),
  setRules: invoke(ViewerRules, z.void()),
  rulesChanged: notify(ViewerRules),
  block: invoke(z.object({ subject: SubjectText, on: z.boolean() }), z.void()),
  mute: invoke(z.object({ subject: SubjectText, on: z.boolean() }), z.void()),
  hide: invoke(z.object({ subject: SubjectText, on: z.boolean() }), z.void()),
} as const
