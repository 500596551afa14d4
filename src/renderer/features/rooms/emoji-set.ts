export interface Emoji {
  readonly emoji: string
  /** What it is called, and further words by which it is found. */
  readonly name: string
  readonly words: string
}

/** The usual ones of a live chat: `emoji name|more words`. */
const SET = `
😀 grinning|happy smile
😂 tears of joy|laugh lol haha
🤣 rolling laughing|lol rofl
😊 smiling|blush happy
😍 heart eyes|love
🥰 in love|hearts adore
😘 blowing a kiss|love
😎 sunglasses|cool
🤩 star eyes|wow amazing
🥳 party face|celebrate birthday
😉 wink|joke
😋 yummy|tasty food
😜 tongue and wink|silly
🤪 zany|crazy silly
🤔 thinking|hmm question
🤨 raised eyebrow|doubt
😐 neutral|meh
🙄 rolling eyes|annoyed
😏 smirk|sly
😬 grimace|awkward
😮 open mouth|wow surprised
😱 scream|shock fear
😳 flushed|embarrassed
🥺 pleading|please puppy
😢 crying|sad tear
😭 sobbing|cry sad
😤 huffing|proud angry
😡 angry|mad
🤯 exploding head|mind blown
🥱 yawning|bored tired
😴 sleeping|tired night
🤗 hug|warm
🤭 giggle|oops
🤫 quiet|shh secret
🫡 salute|respect yes
🫠 melting|hot embarrassed
💀 skull|dead funny
🤡 clown|silly
👻 ghost|boo
🤖 robot|bot
👍 thumbs up|yes good like ok
👎 thumbs down|no bad
👏 clapping|applause bravo
🙌 raised hands|hooray
🙏 folded hands|please thanks
🤝 handshake|deal
👋 waving|hello hi bye
✌️ victory|peace
🤞 crossed fingers|luck
🤟 love you|sign
👌 ok hand|perfect
💪 strong|muscle power
👀 eyes|look watching
🧠 brain|smart
❤️ red heart|love
🧡 orange heart|love
💛 yellow heart|love
💚 green heart|love
💙 blue heart|love
💜 purple heart|love
🖤 black heart|love
💔 broken heart|sad
💕 two hearts|love
💯 hundred|perfect score
💥 boom|explosion
✨ sparkles|shine magic
⭐ star|favourite
🔥 fire|hot lit
🎉 party popper|celebrate congratulations
🎂 cake|birthday
🎁 gift|present
🎈 balloon|birthday
🏆 trophy|win champion
🥇 gold medal|first win
👑 crown|king queen
💎 gem|diamond
🚀 rocket|go fast
🎤 microphone|sing karaoke
🎵 note|music song
🎸 guitar|music rock
🎮 game pad|gaming play
🎬 clapper|film action
📷 camera|photo
💡 idea|light bulb
💬 speech|talk chat
❓ question|why what
❗ exclamation|important
✅ check|done yes
❌ cross|no wrong
⚡ lightning|fast energy
☀️ sun|day warm
🌙 moon|night
🌈 rainbow|colours pride
🌹 rose|flower love
🌸 blossom|flower spring
🍀 clover|luck
🐶 dog|pet
🐱 cat|pet
🐼 panda|bear cute
🦄 unicorn|magic
🍕 pizza|food
🍔 burger|food
🍿 popcorn|film watch
🍰 slice of cake|sweet
☕ coffee|tea morning
🍻 beer|cheers
🥂 cheers|toast champagne
⚽ football|soccer sport
🏀 basketball|sport
🚗 car|drive
✈️ plane|travel
🌍 earth|world
🧧 red envelope|luck money new year
🏮 lantern|festival
🐉 dragon|new year
`

export const EMOJI: readonly Emoji[] = SET.trim()
  .split('\n')
  .map((row) => {
    const at = row.indexOf(' ')
    const [name = '', words = ''] = row.slice(at + 1).split('|')
    return { emoji: row.slice(0, at), name, words }
  })

/** Those that a search finds: each of its words begins a word of theirs. All of them for nothing. */
export function findEmoji(search: string): readonly Emoji[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return EMOJI
  return EMOJI.filter(({ name, words }) => {
    const own = `${name} ${words}`.split(' ')
    return wanted.every((word) => own.some((one) => one.startsWith(word)))
  })
}
