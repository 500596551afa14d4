/** How much is kept ready before the picture, seconds. It begins low, and each stall makes it more. */
const AIM = { least: 0.15, most: 1.5, step: 0.1 }
/** Farther behind its aim than this the player jumps, seconds; it begins with a group of pictures, so at first sooner. */
const JUMP = { first: 0.2, later: 2 }
const FIRST_MS = 1200
/** What stays behind the picture, seconds. */
const KEPT = 10
/** No bytes for this long: the connection is taken for dead, milliseconds. */
const SILENT_MS = 6000

/**
 * Plays the endless MP4 of a live by MediaSource, close to its end: a little faster when it lies behind, a jump when it
 * lies far behind. Browsers without MediaSource (iPhones) get HLS.
 */
export class LivePlayer {
  aim = AIM.least
  stalls = 0
  bytes = 0
  skipped = 0
  #stop = new AbortController()
  #following = true
  #begunAt = null

  /**
   * @param {HTMLVideoElement} video
   * @param {{ name: string, mimeType: string | null }} quality
   * @param {{ playing: () => void, over: (why: string) => void }} events
   */
  constructor(video, quality, events) {
    this.video = video
    this.events = events
    const { signal } = this.#stop
    video.addEventListener('playing', () => events.playing(), { signal })
    video.addEventListener('waiting', () => this.#waited(), { signal })
    const { mimeType, name } = quality
    const Source = window.ManagedMediaSource ?? window.MediaSource
    if (mimeType !== null && Source?.isTypeSupported(mimeType)) {
      this.way = 'MP4'
      void this.#play(Source, `/live/${name}.mp4`, mimeType)
      const timer = setInterval(() => this.#follow(), 100)
      signal.addEventListener('abort', () => clearInterval(timer))
    } else {
      this.way = 'HLS'
      video.src = `/live/${name}/index.m3u8`
      video.addEventListener('error', () => events.over('broken'), { signal })
      video.addEventListener('ended', () => events.over('ended'), { signal })
      this.start()
    }
  }

  /** Seconds between the picture and the newest that is here; null where that cannot be told. */
  get behind() {
    const { buffered, currentTime } = this.video
    return buffered.length > 0 ? Math.max(0, buffered.end(buffered.length - 1) - currentTime) : null
  }

  get atLive() {
    const { behind } = this
    return !this.video.paused && behind !== null && behind < this.aim + 1
  }

  start() {
    // Browsers allow sound only after a click; without it the picture comes first.
    this.video.play().catch(() => {
      this.video.muted = true
      this.video.play().catch(() => undefined)
    })
  }

  toLive() {
    const { behind, video } = this
    if (this.way === 'MP4' && behind !== null) video.currentTime += Math.max(0, behind - this.aim)
    this.#following = true
    if (video.paused) this.start()
  }

  pause() {
    this.#following = false
    this.video.pause()
  }

  close() {
    this.#stop.abort()
    this.video.playbackRate = 1
    this.video.removeAttribute('src')
    this.video.load()
  }

  async #play(Source, address, mimeType) {
    const { signal } = this.#stop
    const source = new Source()
    this.video.disableRemotePlayback = true
    const url = URL.createObjectURL(source)
    this.video.src = url
    try {
      await once(source, 'sourceopen', signal)
      URL.revokeObjectURL(url)
      const buffer = source.addSourceBuffer(mimeType)
      await this.#feed(buffer, address)
      this.#over('ended')
    } catch ({ message }) {
      this.#over(message === 'full' ? 'full' : 'broken')
    }
  }

  async #feed(buffer, address) {
    const connection = new AbortController()
    const { signal } = this.#stop
    signal.addEventListener('abort', () => connection.abort())
    const answer = await fetch(address, { signal: connection.signal, cache: 'no-store' })
    if (answer.status === 503) throw new Error('full')
    if (!answer.ok || !answer.body) throw new Error(String(answer.status))
    const reader = answer.body.getReader()
    let silent = 0
    let queue = []
    const put = () => {
      if (queue.length === 0 || buffer.updating || signal.aborted) return
      const end = this.video.currentTime - KEPT
      if (buffer.buffered.length > 0 && buffer.buffered.start(0) < end - KEPT) return buffer.remove(0, end)
      buffer.appendBuffer(joined(queue))
      queue = []
    }
    buffer.addEventListener('updateend', () => {
      this.#begin()
      put()
    })
    for (;;) {
      clearTimeout(silent)
      silent = setTimeout(() => connection.abort(), SILENT_MS)
      const { done, value } = await reader.read().finally(() => clearTimeout(silent))
      if (done) return
      this.bytes += value.length
      queue.push(value)
      put()
    }
  }

  /** The first picture: as near to the end as we want to be. */
  #begin() {
    const { video, behind } = this
    if (!this.#following || !video.paused || behind === null) return
    const { buffered } = video
    const end = buffered.end(buffered.length - 1)
    video.currentTime = Math.max(buffered.start(buffered.length - 1), end - this.aim)
    this.start()
  }

  #follow() {
    const { video, behind } = this
    if (!this.#following || video.paused || behind === null) return
    const { buffered } = video
    const first = buffered.start(buffered.length - 1)
    if (video.currentTime < first)
      video.currentTime = first // a gap: the live has gone on
    else if (behind > this.aim + (this.#isFirst() ? JUMP.first : JUMP.later)) video.currentTime += behind - this.aim
    else video.playbackRate = behind > this.aim + 0.4 ? 1.15 : behind > this.aim + 0.08 ? 1.05 : 1
  }

  #isFirst() {
    this.#begunAt ??= performance.now()
    return performance.now() - this.#begunAt < FIRST_MS
  }

  #waited() {
    if (!this.#following || this.video.seeking || this.video.currentTime < 1) return
    this.stalls++
    this.aim = Math.min(AIM.most, this.aim + AIM.step)
  }

  #over(why) {
    if (this.#stop.signal.aborted) return
    this.events.over(why)
  }
}

function once(target, name, signal) {
  return new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true, signal })
    signal.addEventListener('abort', () => reject(new Error('closed')))
  })
}

function joined(parts) {
  if (parts.length === 1) return parts[0]
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
