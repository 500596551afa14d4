import { LivePlayer } from './live-player.js'
import { WebRtcPlayer } from './webrtc-player.js'

const $ = (id) => document.getElementById(id)
const [stage, video] = [$('stage'), $('video')]
const name = /^\/watch\/([\w-]+)$/.exec(location.pathname)?.[1] ?? null
const LOOK_MS = 2000
const IDLE_MS = 2500
/** When WebRTC has failed, the other way is taken for at least this long. */
const AGAIN_MS = 60_000

let player = null
let live = null
let chosen = sessionValue('quality')
let lastBytes = 0
let rate = 0
let notWebRtcUntil = 0
/** The studio did not reach the relay when that was asked last. */
let isInterrupted = false

function sessionValue(key, value) {
  try {
    if (value !== undefined) localStorage.setItem(`we-${key}`, value)
    return localStorage.getItem(`we-${key}`)
  } catch {
    return null // private windows may forbid it
  }
}

function say(title, text = '', waits = false) {
  $('message').hidden = title === ''
  $('message-title').textContent = title
  $('message-text').textContent = text
  $('spinner').hidden = !waits
}

async function ask(path) {
  const answer = await fetch(path, { cache: 'no-store' })
  return answer.ok ? answer.json() : null
}

async function look() {
  try {
    if (name === null) showLives(await ask('/api/lives.json'))
    else showLive(await ask(`/api/${name}.json`))
  } catch {
    stopPlayer()
    if (name === null) showLives(null)
    else say('The relay does not answer', 'It may have been switched off. This page tries again by itself.', true)
  }
  setTimeout(look, LOOK_MS)
}

function showLive(found) {
  live = found
  if (!live) {
    stopPlayer()
    $('facts').textContent = 'Not live'
    say(
      'Not live at the moment',
      'This page begins to play by itself as soon as the live starts. You can leave it open.',
    )
    return
  }
  $('title').textContent = live.title
  document.title = `${live.title} · Live`
  const people = live.viewers === 1 ? '1 viewer' : `${live.viewers} viewers`
  $('facts').textContent =
    `${people} · since ${new Date(live.startedAt).toLocaleTimeString([], { timeStyle: 'short' })}`
  showQualities()
  const wasInterrupted = isInterrupted
  isInterrupted = !live.sending
  if (isInterrupted)
    say('One moment', 'The connection to the studio is interrupted. The live goes on when it is back.', true)
  else if (!player) startPlayer()
  else if (wasInterrupted) say('') // pictures that only paused come again without a word of the browser
}

function showQualities() {
  const usable = live.qualities.filter(({ mimeType }) => mimeType !== null)
  $('quality-box').hidden = usable.length < 2
  const key = usable.map(({ name: id, label }) => `${id} ${label}`).join()
  const select = $('quality')
  if (select.dataset.key === key) return
  select.dataset.key = key
  select.replaceChildren(...usable.map(({ name: id, label }) => new Option(label, id)))
  select.value = quality()?.name ?? ''
}

function quality() {
  return live?.qualities.find((one) => one.name === chosen && one.mimeType) ?? live?.qualities[0]
}

function startPlayer() {
  const one = quality()
  if (!one?.mimeType) {
    say('Starting …', '', true)
    return
  }
  say('Loading …', '', true)
  lastBytes = 0
  const Way = WebRtcPlayer.canPlay && performance.now() >= notWebRtcUntil ? WebRtcPlayer : LivePlayer
  player = new Way(video, one, {
    playing: () => {
      say('')
      $('unmute').hidden = !video.muted
      stage.classList.remove('paused')
    },
    over: (why) => {
      stopPlayer()
      if (Way === WebRtcPlayer) {
        notWebRtcUntil = performance.now() + AGAIN_MS
        startPlayer()
      } else if (why === 'full')
        say('This relay is full', 'It carries no more viewers now. This page tries again by itself.', true)
      else say('One moment', 'The picture stopped coming. Trying again …', true)
    },
  })
}

function stopPlayer() {
  player?.close()
  player = null
  stage.classList.remove('at-live')
  $('delay').textContent = ''
}

function showLives(lives) {
  const cards = (lives ?? []).map((one) => {
    const card = Object.assign(document.createElement('a'), { className: 'card', href: `/watch/${one.name}` })
    const mark = Object.assign(document.createElement('b'), {
      textContent: one.sending ? 'LIVE' : 'INTERRUPTED',
      className: one.sending ? '' : 'away',
    })
    const title = Object.assign(document.createElement('strong'), { textContent: one.title })
    const people = Object.assign(document.createElement('span'), {
      textContent: `${one.qualities[0].label} · ${one.viewers === 1 ? '1 viewer' : `${one.viewers} viewers`}`,
    })
    card.append(mark, title, people)
    return card
  })
  if (cards.length === 0) {
    const box = Object.assign(document.createElement('div'), { className: 'nothing' })
    const title = Object.assign(document.createElement('h2'), {
      textContent: lives ? 'Nobody is live here yet' : 'The relay does not answer',
    })
    const text = lives
      ? 'Lives appear here by themselves as soon as they start.'
      : 'It may have been switched off. This page tries again by itself.'
    box.append(title, text)
    cards.push(box)
  }
  $('list').replaceChildren(...cards)
}

function figures() {
  const behind = player?.behind ?? null
  stage.classList.toggle('off', !player)
  stage.classList.toggle('at-live', player?.atLive ?? false)
  stage.classList.toggle('muted', video.muted || video.volume === 0)
  $('live-word').textContent = player && !player.atLive ? 'Go to live' : 'Live'
  if (behind !== null && player)
    $('delay').textContent = video.paused ? 'Paused' : `${behind.toFixed(player.aim === null ? 2 : 1)} s`
  if ($('figures').hidden || !player) return
  const shown = video.getVideoPlaybackQuality?.()
  const lost = Math.max(0, (shown?.droppedVideoFrames ?? 0) - player.skipped)
  const rows = [
    ['Picture', video.videoWidth ? `${video.videoWidth} × ${video.videoHeight}` : '–'],
    ['Way', player.way],
    ['Bitrate', `${(rate / 1e6).toFixed(2)} Mbit/s`],
    ['Ready ahead', behind === null ? '–' : `${behind.toFixed(2)} s`],
    ...(player.aim === null ? [] : [['Aim', `${player.aim.toFixed(2)} s`]]),
    ['Stalls', String(player.stalls)],
    ['Pictures lost', shown ? `${lost} of ${shown.totalVideoFrames - player.skipped}` : '–'],
  ]
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text })
  $('figures').replaceChildren(...rows.flatMap(([term, value]) => [cell('dt', term), cell('dd', value)]))
}

setInterval(figures, 250)
setInterval(() => {
  if (!player) return
  rate = (player.bytes - lastBytes) * 8
  lastBytes = player.bytes
}, 1000)

const actions = {
  play() {
    if (!player) return
    if (video.paused) player.toLive()
    else player.pause()
  },
  mute() {
    video.muted = !video.muted
    if (!video.muted && video.volume === 0) video.volume = 0.5
    $('unmute').hidden = true
  },
  full() {
    if (document.fullscreenElement) void document.exitFullscreen()
    else if (stage.requestFullscreen) void stage.requestFullscreen()
    else video.webkitEnterFullscreen?.()
  },
  live: () => player?.toLive(),
  stats() {
    $('figures').hidden = !$('figures').hidden
    $('stats').setAttribute('aria-pressed', String(!$('figures').hidden))
    figures()
  },
}

function setVolume(value) {
  video.volume = Math.min(1, Math.max(0, value))
  if (video.volume > 0) video.muted = false
  $('volume').value = String(Math.round(video.volume * 100))
  $('unmute').hidden = true
  sessionValue('volume', String(video.volume))
}

$('play').onclick = actions.play
$('mute').onclick = actions.mute
$('unmute').onclick = actions.mute
$('full').onclick = actions.full
$('to-live').onclick = actions.live
$('stats').onclick = actions.stats
$('volume').oninput = ({ target }) => setVolume(Number(target.value) / 100)
video.onclick = actions.play
video.ondblclick = actions.full
video.onpause = () => stage.classList.add('paused')
video.onplay = () => stage.classList.remove('paused')
$('quality').onchange = ({ target }) => {
  chosen = target.value
  sessionValue('quality', chosen)
  stopPlayer()
  startPlayer()
}

const KEYS = { k: 'play', ' ': 'play', m: 'mute', f: 'full', l: 'live', s: 'stats' }
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || name === null) return
  if (event.target instanceof HTMLSelectElement) return
  const onControl = event.target instanceof HTMLButtonElement || event.target instanceof HTMLInputElement
  if (onControl && (event.key === ' ' || event.key.startsWith('Arrow'))) return
  const action = KEYS[event.key.toLowerCase()]
  if (action) actions[action]()
  else if (event.key === 'ArrowUp') setVolume(video.volume + 0.1)
  else if (event.key === 'ArrowDown') setVolume(video.volume - 0.1)
  else return
  event.preventDefault()
  wake()
})

let idle = 0
function wake() {
  stage.classList.remove('idle')
  clearTimeout(idle)
  idle = setTimeout(() => {
    if (!video.paused) stage.classList.add('idle')
  }, IDLE_MS)
}
addEventListener('pointermove', wake)
addEventListener('focusin', wake)

video.volume = Number(sessionValue('volume') ?? 1)
$('volume').value = String(video.volume * 100)
if (name === null) {
  stage.hidden = true
  $('title').textContent = 'Lives on this relay'
  document.title = 'Lives · WE Studio'
  document.querySelector('.others').hidden = true
  document.querySelector('footer span').hidden = true
  $('list').hidden = false
} else {
  $('title').textContent = name
}
wake()
void look()
