import { banOf, roleIn } from '@shared/community/room-rules'
import type { ChatLine, RoomHindrance, RoomState } from '@shared/community/room-state'
import { mentions } from './mention'
import type { RoomHost } from './room-host'
import type { RoomTalk } from './room-talk'
import type { SaidLine } from './said'

/** What this node knows of an own line: whether anybody could hear it. */
export type IsHeard = (id: string) => boolean

/** A talk as one person sees it. */
export class RoomView {
  constructor(
    private readonly talk: RoomTalk,
    private readonly host: RoomHost,
    private readonly isHeard: IsHeard,
    /** A line that is on disk only. */
    private readonly kept: (id: string) => SaidLine | undefined,
  ) {}

  /** Null: this person does not see it. */
  line(said: SaidLine): ChatLine | null {
    const { entry, at } = said
    const { id, account, t, body, device, n } = entry
    const { me } = this.host
    if (!this.talk.isShown(said, this.host.now()) || this.host.isVoid(device, n)) return null
    if (account !== me && this.host.hides({ id, account, text: body.text })) return null
    const answered = body.reply === undefined ? undefined : (this.talk.line(body.reply) ?? this.kept(body.reply))
    const isMine = account === me
    const names = me === null ? [] : [...this.host.ownNames, me, `${me.slice(0, 6)}…${me.slice(-4)}`]
    return {
      ...{ id, account, name: this.#name(account, entry.name), role: roleIn(this.talk.law.rules, account), t, at },
      bond: this.#bond(account),
      ...{ text: body.text, reply: body.reply === undefined ? null : this.#reply(body.reply, answered), mine: isMine },
      mentionsMe: !isMine && (mentions(body.text, names) || (me !== null && answered?.entry.account === me)),
      heard: !isMine || this.isHeard(id),
    }
  }

  lines(said: readonly SaidLine[]): ChatLine[] {
    return said.flatMap((one) => this.line(one) ?? [])
  }

  /** @param peers who listens, of those connected; `nextAt`: when slow mode lets the person write again, Unix ms */
  state(peers: number, nextAt: number): RoomState {
    const { me } = this.host
    const { rules } = this.talk.law
    const role = me === null ? null : roleIn(rules, me)
    const isStaff = role === 'owner' || role === 'mod'
    const now = this.host.now()
    const pinned = rules.pinned === null ? undefined : (this.talk.line(rules.pinned) ?? this.kept(rules.pinned))
    const bans = rules.bans.filter(({ until }) => until === null || until > now)
    return {
      ...{ room: this.talk.room, owner: rules.owner, title: rules.title, rules: rules.text },
      ownerName: rules.owner === null ? null : this.host.nameOf(rules.owner),
      ...{ policy: rules.policy, slow: rules.slow, role, peers, blockWords: rules.blockWords },
      pinned: pinned === undefined ? null : this.line(pinned),
      hindrance: this.hindrance(nextAt),
      roles: rules.roles.map((one) => ({ ...one, name: this.host.nameOf(one.account) })),
      lists: isStaff ? rules.banLists.map((id) => this.#list(id)) : [],
      bans: isStaff ? bans.map((one) => ({ ...one, name: this.host.nameOf(one.account) })) : [],
    }
  }

  /** Why the person may not write now; null: they may. */
  hindrance(nextAt: number): RoomHindrance | null {
    const { me } = this.host
    const { rules } = this.talk.law
    const now = this.host.now()
    if (me === null) {
      return { code: 'no-account', message: 'To chat you need an account. Make one in the wallet.', until: null }
    }
    const role = roleIn(rules, me)
    if (role === 'owner') return null
    const ban = banOf(rules, me, now)
    if (ban !== null) {
      return ban.until === null
        ? { code: 'banned', message: 'The moderators of this room keep you out.', until: null }
        : { code: 'muted', message: 'The moderators of this room have muted you for a while.', until: ban.until }
    }
    if (role === 'mod') return null
    if (rules.policy === 'closed') {
      return { code: 'closed', message: 'Only the owner and the moderators write here now.', until: null }
    }
    if (rules.policy === 'members' && role === null) {
      return { code: 'members', message: 'Only members of this room can write here.', until: null }
    }
    if (rules.policy === 'followers' && role === null && this.host.followOf(rules.owner!) === null) {
      return { code: 'followers', message: 'Only followers can write here. Follow the channel first.', until: null }
    }
    if (nextAt > now) {
      return { code: 'slow', message: 'Slow mode is on in this room. Wait a moment.', until: nextAt }
    }
    return null
  }

  #bond(account: string): ChatLine['bond'] {
    const { me } = this.host
    const { owner } = this.talk.law.rules
    if (account === me || account === owner) return null
    if (me !== null && this.host.follows(account, me) && this.host.follows(me, account)) return 'mutual'
    return owner !== null && this.host.follows(account, owner) ? 'follower' : null
  }

  #list(version: string): RoomState['lists'][number] {
    const { title, size } = this.talk.list(version) ?? { title: null, size: 0 }
    return { id: this.host.rootOfList(version), title, size }
  }

  #reply(id: string, said: SaidLine | undefined): ChatLine['reply'] {
    const isShown = said !== undefined && this.talk.isShown(said, this.host.now())
    if (!isShown) return { id, name: null, text: null }
    const { account, name, body } = said.entry
    const isHidden = account !== this.host.me && this.host.hides({ id, account, text: body.text })
    return { id, name: this.#name(account, name), text: isHidden ? null : body.text }
  }

  /** What the own index knows is what its author says now; else what the message said. */
  #name(account: string, told: string | null): string | null {
    return this.host.nameOf(account) ?? told
  }
}
