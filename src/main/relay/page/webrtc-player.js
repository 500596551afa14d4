/** Without a picture after this long another way is taken, milliseconds. */
const FIRST_MS = 1500
/** Pictures that stand still this long are a stall; and so many within this time are too many. */
const STALL_MS = 700
const STALLS = { most: 2, withinMs: 10_000 }
/** Pictures that stand still this long do not come back by themselves. */
const SILENT_MS = 2500
const LOOK_MS = 100
const STATS_MS = 500

/**
 * Plays a live by WebRTC (WHEP): the relay sends each picture as soon as it has it, and the browser shows it at once. Where no
 * picture comes, or they stop, it is over, and whoever began it takes another way.
 */
export class WebRtcPlayer {
  /** Whether this browser has what it takes; some are built without H.264. */
  static get canPlay() {
    const { codecs = [] } = window.RTCRtpReceiver?.getCapabilities?.('video') ?? {}
    return codecs.some(({ mimeType }) => mimeType.toLowerCase() === 'video/h264')
  }

  way = 'WebRTC'
  /** Nothing is kept ready on purpose. */
  aim = null
  stalls = 0
  bytes = 0
  /** Seconds from a picture's arrival until it is shown; null until that is known. */
  behind = null
  /** Pictures that it began with and that need not be shown: those since the last key picture come at once. */
  skipped = 0
  #stop = new AbortController()
  #peer = new window.RTCPeerConnection()
  #address = null
  #waits = { seconds: 0, pictures: 0 }
  #movedAt = performance.now()
  #stalledAt = []
  #isStalled = false
  #hasPlayed = false
  #begunAt = 0

  /**
   * @param {HTMLVideoElement} video
   * @param {{ name: string }} quality
   * @param {{ playing: () => void, over: (why: string) => void }} events
   */
  constructor(video, quality, events) {
    this.video = video
    this.events = events
    const { signal } = this.#stop
    video.addEventListener('playing', () => events.playing(), { signal })
    const stream = new window.MediaStream()
    this.#peer.addEventListener('track', ({ track, receiver }) => {
      receiver.jitterBufferTarget = 0
      stream.addTrack(track)
    })
    this.#peer.addEventListener('connectionstatechange', () => {
      if (this.#peer.connectionState === 'failed') this.#over('broken')
    })
    video.srcObject = stream
    this.#count()
    this.#every(LOOK_MS, () => this.#look())
    this.#every(STATS_MS, () => void this.#measure())
    addEventListener('pagehide', () => this.#leave(), { signal })
    this.#open(`/whep/${quality.name}`).catch(() => this.#over('broken'))
    this.start()
  }

  get atLive() {
    return !this.video.paused && this.#hasPlayed
  }

  start() {
    // Browsers allow sound only after a click; without it the picture comes first.
    this.video.play().catch(() => {
      if (this.#stop.signal.aborted) return
      this.video.muted = true
      this.video.play().catch(() => undefined)
    })
  }

  toLive() {
    this.#movedAt = performance.now()
    if (this.video.paused) this.start()
  }

  pause() {
    this.video.pause()
  }

  close() {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    this.#leave()
    this.#peer.close()
    this.video.srcObject = null
  }

  async #open(address) {
    const peer = this.#peer
    for (const kind of ['video', 'audio']) peer.addTransceiver(kind, { direction: 'recvonly' })
    await peer.setLocalDescription(await peer.createOffer())
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: peer.localDescription.sdp,
    })
    if (answer.status !== 201) throw new Error(String(answer.status))
    this.#address = answer.headers.get('Location')
    const sdp = await answer.text()
    if (this.#stop.signal.aborted) this.#leave()
    else await peer.setRemoteDescription({ type: 'answer', sdp })
  }

  /** Each picture that is shown; where a browser does not tell, those that it has decoded (`#measure`). */
  #count() {
    const { video } = this
    if (!video.requestVideoFrameCallback) return
    const shown = () => {
      if (this.#stop.signal.aborted) return
      this.#moved()
      video.requestVideoFrameCallback(shown)
    }
    video.requestVideoFrameCallback(shown)
  }

  #moved() {
    if (!this.#hasPlayed) this.#begunAt = performance.now()
    this.#hasPlayed = true
    this.#isStalled = false
    this.#movedAt = performance.now()
  }

  #look() {
    const { video } = this
    const now = performance.now()
    // pictures of a page that nobody sees are not shown, and need not be
    if (document.hidden || (video.paused && this.#hasPlayed)) this.#movedAt = now
    if (this.#hasPlayed && now - this.#begunAt < FIRST_MS) {
      this.skipped = video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0
    }
    const still = now - this.#movedAt
    if (!this.#hasPlayed) {
      if (still > FIRST_MS) this.#over('none')
    } else if (still > SILENT_MS) this.#over('broken')
    else if (still > STALL_MS && !this.#isStalled) {
      this.#isStalled = true
      this.stalls++
      this.#stalledAt = [...this.#stalledAt.filter((at) => now - at < STALLS.withinMs), now]
      if (this.#stalledAt.length >= STALLS.most) this.#over('slow')
    }
  }

  async #measure() {
    const reports = [...(await this.#peer.getStats()).values()].filter(({ type }) => type === 'inbound-rtp')
    this.bytes = reports.reduce((sum, { bytesReceived = 0 }) => sum + bytesReceived, 0)
    const picture = reports.find(({ kind }) => kind === 'video')
    if (!picture) return
    const { jitterBufferDelay: seconds = 0, jitterBufferEmittedCount: pictures = 0 } = picture
    const count = pictures - this.#waits.pictures
    if (count > 0) this.behind = (seconds - this.#waits.seconds) / count
    if (count > 0 && !this.video.requestVideoFrameCallback) this.#moved()
    this.#waits = { seconds, pictures }
  }

  #every(ms, act) {
    const timer = setInterval(act, ms)
    this.#stop.signal.addEventListener('abort', () => clearInterval(timer))
  }

  /** The relay need not wait for our silence. */
  #leave() {
    if (this.#address) void fetch(this.#address, { method: 'DELETE', keepalive: true }).catch(() => undefined)
    this.#address = null
  }

  #over(why) {
    if (!this.#stop.signal.aborted) this.events.over(why)
  }
}
