import type { ReportReason } from '@shared/community/safety-cards'

export const REASON_WORDS: Readonly<Record<ReportReason, string>> = {
  spam: 'Spam or advertising',
  harassment: 'Harassment or hate',
  nudity: 'Nudity or sexual content',
  violence: 'Violence or cruelty',
  fraud: 'Fraud or a false name',
  copyright: 'Somebody else’s work',
  other: 'Something else',
}

/** Labels that have a meaning of their own here; others show by their word. */
export const LABEL_WORDS: Readonly<Record<string, string>> = {
  nudity: 'Nudity',
  sexual: 'Sexual content',
  violence: 'Violence',
  gore: 'Blood and gore',
  flashing: 'Flashing pictures',
  spam: 'Spam',
}

export const PURPOSE_WORDS = {
  block: 'Blocks who is on it',
  mute: 'Mutes who is on it',
  mod: 'Names helpers who keep order',
} as const
