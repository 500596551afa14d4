import type { BodyOf } from '@shared/community/body-schema'
import type { ChannelCard, PersonCard } from '@shared/community/index-cards'
import { Slug } from '@shared/community/subject'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { FIRST_SLUG, openChannel } from './channel-store'
import { openedChannel, readChannel, useChannelData } from './channel-data'
import type { ReadyPicture } from './picture-file'

/** A picture of the form: as it is published, a new one, or none. */
export type FormPicture = { readonly cid: string } | ReadyPicture | null

export interface ChannelForm {
  name: string
  handle: string
  bio: string
  category: string
  rules: string
  links: readonly { title: string; url: string }[]
  mods: string
  sections: readonly { title: string; items: readonly string[] }[]
  avatar: FormPicture
  cover: FormPicture
  /** Short name in the address of a further channel. */
  slug: string
}

interface EditState {
  /** What is being changed: an own channel, a new further one; null: nothing. */
  editing: { account: string; slug: string; isNew: boolean } | null
  form: ChannelForm
  saving: boolean
  problem: string | null
}

const EMPTY: ChannelForm = {
  ...{ name: '', handle: '', bio: '', category: 'other', rules: '', mods: '', slug: '' },
  ...{ links: [], sections: [], avatar: null, cover: null },
}

/** Lives outside the page: what is not saved yet stays while other pages are in front. */
export const useEdit = create<EditState>()(() => ({ editing: null, form: EMPTY, saving: false, problem: null }))

export function changeForm(change: Partial<ChannelForm>): void {
  useEdit.setState(({ form }) => ({ form: { ...form, ...change }, problem: null }))
}

export function cancelEdit(): void {
  const { avatar, cover } = useEdit.getState().form
  for (const picture of [avatar, cover]) if (picture !== null && 'url' in picture) URL.revokeObjectURL(picture.url)
  useEdit.setState({ editing: null, form: EMPTY, problem: null })
}

/** Opens the form on the own channel that is in front. */
export function editOwn(account: string): void {
  const data = useChannelData.getState()
  const channel = openedChannel(data)
  const body = channel?.body
  const profile = data.person?.body
  useEdit.setState({
    editing: { account, slug: body?.slug ?? FIRST_SLUG, isNew: false },
    problem: null,
    form: {
      name: body?.title ?? profile?.name ?? '',
      handle: profile?.handle ?? '',
      bio: body?.desc ?? profile?.bio ?? '',
      category: body?.category ?? 'other',
      rules: body?.rules ?? '',
      links: profile?.links ?? [],
      mods: (body?.mods ?? []).join('\n'),
      sections: body?.sections ?? [],
      avatar: pictureOf(body?.avatar ?? profile?.avatar),
      cover: pictureOf(body?.cover ?? profile?.banner),
      slug: body?.slug ?? FIRST_SLUG,
    },
  })
}

/** Opens an empty form for a further channel. */
export function newChannel(account: string): void {
  useEdit.setState({ editing: { account, slug: '', isNew: true }, form: EMPTY, problem: null })
}

/** Why a form cannot be saved, in words; null: it can. */
export function formProblem(form: ChannelForm, isNew: boolean, taken: readonly string[]): string | null {
  if (form.name.trim() === '') return 'Give the channel a name.'
  if (form.handle !== '' && !Slug.safeParse(form.handle).success) {
    return 'A handle has up to 40 small letters, digits and hyphens, and no hyphen at its ends.'
  }
  if (isNew && !Slug.safeParse(form.slug).success) {
    return 'The address of the channel has up to 40 small letters, digits and hyphens, and no hyphen at its ends.'
  }
  if (isNew && taken.includes(form.slug)) return 'You have a channel of this address already.'
  if (form.links.some(({ title, url }) => title.trim() === '' || !/^https?:\/\/[^\s]+$/.test(url))) {
    return 'Each link needs a title and an address that begins with https://'
  }
  if (form.sections.some(({ title }) => title.trim() === '')) return 'Give each shelf a name.'
  if (modsOf(form).some((account) => !/^0x[0-9a-f]{40}$/.test(account))) {
    return 'A moderator is named by the address of the account: 0x and 40 letters and digits.'
  }
  return null
}

/** Publishes new pictures, then says the change; shown at once, taken back when it is refused. True when it is said. */
export async function saveEdit(): Promise<boolean> {
  const { editing, form, saving } = useEdit.getState()
  if (editing === null || saving) return false
  const { account, isNew } = editing
  const data = useChannelData.getState()
  const taken = data.channels.map(({ body }) => body.slug)
  const problem = formProblem(form, isNew, taken)
  if (problem !== null) {
    useEdit.setState({ problem })
    return false
  }
  useEdit.setState({ saving: true, problem: null })
  try {
    const avatar = await published(form.avatar, `Picture of ${form.name}`)
    const cover = await published(form.cover, `Cover of ${form.name}`)
    const slug = isNew ? form.slug : editing.slug
    const before = isNew ? undefined : openedChannel(data)?.body
    const channel = channelBody(form, slug, before, { avatar, cover })
    const isFirst = !isNew && (data.channels[0] === undefined || data.channels[0].body.slug === slug)
    const profile = isFirst ? profileBody(form, data.person?.body, { avatar, cover }) : null
    showAtOnce(account, channel, profile)
    const { channels } = studioClient()
    if (profile !== null) await channels.saveProfile(profile)
    await channels.saveChannel(channel)
    cancelEdit()
    if (isNew) openChannel(null, slug)
    return true
  } catch (error) {
    useEdit.setState({ problem: describeProblem(error).message })
    void readChannel(account, data.slug)
    return false
  } finally {
    useEdit.setState({ saving: false })
  }
}

/** Profile and first channel in one step, by a name alone. */
export async function makeFirstChannel(account: string, name: string): Promise<boolean> {
  useEdit.setState({ editing: { account, slug: FIRST_SLUG, isNew: false }, form: { ...EMPTY, name }, problem: null })
  const done = await saveEdit()
  if (!done) {
    const { problem } = useEdit.getState()
    cancelEdit()
    useEdit.setState({ problem })
  }
  return done
}

function pictureOf(cid: string | undefined): FormPicture {
  return cid === undefined ? null : { cid }
}

async function published(picture: FormPicture, name: string): Promise<string | undefined> {
  if (picture === null) return undefined
  if ('cid' in picture) return picture.cid
  return studioClient().publishing.picture({ name: name.slice(0, 80), jpeg: picture.jpeg })
}

interface Pictures {
  avatar: string | undefined
  cover: string | undefined
}

function modsOf({ mods }: ChannelForm): string[] {
  return [
    ...new Set(
      mods
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((account) => account !== ''),
    ),
  ]
}

function channelBody(
  form: ChannelForm,
  slug: string,
  before: BodyOf<'channel'> | undefined,
  { avatar, cover }: Pictures,
): BodyOf<'channel'> {
  const rules = form.rules.trim()
  return {
    ...{ slug, title: form.name.trim(), desc: form.bio.trim(), category: form.category, mods: modsOf(form) },
    ...(cover === undefined ? {} : { cover }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(rules === '' ? {} : { rules }),
    ...(form.sections.length === 0
      ? {}
      : { sections: form.sections.map(({ title, items }) => ({ title: title.trim(), items: [...items] })) }),
    split: before?.split ?? { creator: 10_000, sharer: 0, seeder: 0 },
    theta: before?.theta ?? 3_000,
    sigma: before?.sigma ?? 0,
  }
}

function profileBody(
  form: ChannelForm,
  before: BodyOf<'profile'> | undefined,
  { avatar, cover }: Pictures,
): BodyOf<'profile'> {
  return {
    name: form.name.trim().slice(0, 60),
    ...(form.handle === '' ? {} : { handle: form.handle }),
    bio: form.bio.trim().slice(0, 1_000),
    ...(avatar === undefined ? {} : { avatar }),
    ...(cover === undefined ? {} : { banner: cover }),
    links: form.links.map(({ title, url }) => ({ title: title.trim(), url })),
    langs: before?.langs ?? [],
    ...(before?.payout === undefined ? {} : { payout: before.payout }),
  }
}

/** The page as it will be, before anybody has said so. */
function showAtOnce(account: string, body: BodyOf<'channel'>, profile: BodyOf<'profile'> | null): void {
  const { channels, person, account: shown } = useChannelData.getState()
  if (shown !== account) return
  const subject = `chan:${account}/${body.slug}`
  const known = channels.find((one) => one.subject === subject)
  const card: ChannelCard = { subject, account, body, followers: known?.followers ?? 0 }
  const next = known === undefined ? [...channels, card] : channels.map((one) => (one === known ? card : one))
  const named: PersonCard | null = profile && { account, body: profile, followers: person?.followers ?? 0 }
  useChannelData.setState({ channels: next, ...(named === null ? {} : { person: named }) })
}
