import { BEAUTY_PRESETS } from '@shared/media/beauty-presets'
import { BEAUTY_CONTROLS } from '@shared/media/beauty-settings'
import { EntryKind } from '@shared/ledger/ledger-entry'
import { BackgroundMode, STICKERS } from '@shared/media/effect-settings'
import { Quality } from '@shared/media/encode-settings'
import { OWN_LOOKS } from '@shared/media/look-settings'

export const USAGE = `WE Studio without a window.

  we face IMAGE [--json]
      Finds faces; prints their boxes and 468 points in pixels.
  we beautify IN OUT [PERSON] [LOOK] [--json]
      Retouches a video or a picture; sound and the number of frames stay.
  we broadcast --source demo|FILE|camera[:NAME]|screen[:NAME]|window:NAME|microphone[:NAME] | --scene FILE.json
               --title TEXT [--microphone NAME|none] [--category NAME] [--beautify on|off] [PERSON] [LOOK] [--loop]
               [--quality ${Quality.options.join('|')}] [--encoder auto|software]
               [--seconds N] [--record FILE.mp4] [--send-to FILE.json] [--relay URL]
               [--data DIR] [--json]
      Goes live; FILE is a video or a picture, NAME part of what "we sources" lists. A scene puts several sources
      together: { "items": [{ "source": { "kind": "demo" } }, ...] }, each with place, crop, fit, mirror, sound and so
      on as the app keeps them. With --record also into a new file, which plays even when the command is killed.
      With --send-to also to RTMP services: [{ "name": "Twitch", "url": "rtmps://...", "key": "..." }, ...].
      With --relay viewers whom peers cannot serve get the show from a relay ("we relay" on a server): URL is
      https://HOST/live/NAME.we, its stream key is in WE_RELAY_KEY. They verify every piece, whoever runs the relay.
      The bitrate follows the line; --quality is the most that it may be.
  we watch URL [--out FILE.mp4] [--quality source|small|auto] [--seconds N] [--peer MULTIADDR] [--relay URL]
           [--data DIR] [--json]
      Plays a live into a file, or just follows it. The small picture is there while the broadcaster has time for it,
      else it is the source; auto takes it while the line does not carry the source.
      With --relay also without any peer, from a relay that has it (https://HOST/live/NAME.we).
      URL is we://, or https://, http://, rtmp:// of HLS, MP4, FLV, RTMP.
  we relay [--rtmp PORT] [--http PORT] [--host ADDRESS] [--key NAME]... [--new-key NAME]... [--record FOLDER] [--ladder]
           [--allow-origin ORIGIN]... [--seconds N] [--data DIR] [--json]
      Takes lives from OBS, ffmpeg and others by RTMP (port 1935) and hands them on as HTTP-FLV, HLS, low-latency HLS
      and RTMP, with a page for any browser (port 8080). NAME is the name of a live; its stream key is made and shown
      once. Only this computer can reach it unless --host opens it. --ladder adds a smaller quality.
  we publish FILE [--title TEXT] [--layout modern|kubo] [PUBLIC] [--data DIR] [--json]
      Makes a file available by its CID, pinned in the profile; "we peer" or the app gives it to others.
  we get CID [--range FIRST-LAST] --out FILE [--peer MULTIADDR]... [PUBLIC] [--data DIR] [--json]
      Fetches a file, or a stretch of it, from all who have it; FILE appears when all of it is there.
  we car export CID FILE.car | import FILE.car [--data DIR] [--json]
      Writes a file of the profile with its blocks into one archive, or takes one in.
  we peer [--channels PEERID,...|all] [--space 20GB] [--uplink 10Mbit] [--listen MULTIADDR]... [--peer MULTIADDR]...
          [PUBLIC] [--seconds N] [--data DIR] [--json]
      A seeder without a window: gives what the profile holds, passes on and keeps the lives of its channels.
  we ledger status | host | follow ADDRESS [--listen MULTIADDR]... [--peer MULTIADDR]... [--seconds N] [--data DIR] [--json]
      The local ledger of the profile (test value only): shows it, makes its blocks for others, or follows somebody
      else's by its address, executing every block again.
  we ledger authority | found --authorities ADDRESS,ADDRESS,... [--name NAME] [--data DIR] [--json]
      Begins a ledger of several: each block needs more than half of their signatures. Every authority says its address
      first; afterwards each of them follows the new ledger, and they make its blocks by themselves.
  we wallet new --name NAME | import FILE|- --name NAME [--path PATH] | list | address [--account ADDRESS]
            export [--kind file|words|key] [--out FILE.json] [--account ADDRESS] | sign MESSAGE | sign --typed FILE.json
            verify MESSAGE SIGNATURE [--account ADDRESS]   each with [--data DIR] [--json]
      Accounts of the profile. FILE is a keystore (version 3), backup words or a private key. Passphrases come by WE_PASSPHRASE
      (WE_IMPORT_PASSPHRASE, WE_EXPORT_PASSPHRASE, WE_MNEMONIC_PASSPHRASE) or a prompt, never as an argument; export also
      wants a sentence typed (WE_SENTENCE).
  we sources [--json]
      Lists what can be broadcast.
  we log status | export FILE.car | import FILE.car | nostr --out DIR [--account 0x...] [--data DIR] [--json]
      The signed records of the profile: how far each device's are known; a backup of all that an account did, and back;
      what it said as signed Nostr events (key by NIP-06), in a file that you may give to relays.
  we ledger query [FILTER] [--limit N] [--csv | --json] [--data DIR]
      What happened on the ledger in use, newest first.
  we ledger export FILE.csv|FILE.json [FILTER] [--data DIR]
      The same into a file, complete or not at all.
  we ledger networks [list | add --name NAME --rpc URL [--second-rpc URL] --contracts FILE.json | use KEY | check KEY
                     | remove KEY] [--data DIR] [--json]
      Real chains by RPC. FILE: { "contracts": { "WEToken": { "address": "0x...", "codeHash": "0x..." }, ... },
      "chainId": N, "firstBlock": N }; without a hash, the code that is there now is trusted from now on.

  PUBLIC   [--public [--bootstrap MULTIADDR|self]...]
           Joins the public IPFS network: strangers see your address and can find by CID what is published. With
           --bootstrap a network of your own instead; "self" is its first node. Off unless asked for.
  PERSON   [--preset ${BEAUTY_PRESETS.map(({ id }) => id).join('|')}|plain] [--beauty NAME=VALUE]... [--sticker NAME]...
           [--sparkles 0..1] [--background NAME] [--smooth 0..1] [--whiten 0..1] [--thin 0..1] [--eyes 0..1]
           VALUE: 0..1 (-1..1 where both ways make sense), or #rrggbb for the colour of a make-up. NAME:
${lines(BEAUTY_CONTROLS)}
           Stickers: ${STICKERS.map(({ id }) => id).join(', ')}.
           Backgrounds: ${BackgroundMode.options.filter((mode) => mode !== 'picture').join(', ')}.
  LOOK     [--look NAME | --cube FILE.cube] [--look-strength 0..1] [--vignette 0..1]
           Colours of the whole picture. NAME: ${OWN_LOOKS.map(({ id }) => id).join(', ')}.
  FILTER   [--person ADDRESS] [--channel ADDRESS] [--content CID] [--kind NAME]... [--since TIME] [--until TIME] [--parts]
           TIME: 2026-11-23, 2026-11-23T18:00Z, or 7d, 12h, 30m ago. --parts: also transfers that belong to something
           larger. NAME: ${EntryKind.options.slice(0, 11).join(', ')},
           ${EntryKind.options.slice(11).join(', ')}.
  --json   one JSON object a line on stdout; logs go to stderr.
  --data   the profile folder: two folders are two people.
  A sealed profile is opened by WE_PASSPHRASE or by a prompt, never by an argument.
`

/** Names, ten to a line. */
function lines(controls: readonly { id: string }[]): string {
  const names = controls.map(({ id }) => id)
  const rows = []
  while (names.length > 0) rows.push(`           ${names.splice(0, 10).join(', ')}`)
  return rows.join(',\n')
}
