import type { Page } from '@playwright/test'

/**
 * Sends a picture that moves and a tone by WHIP, encoded by the window's own Chromium, as a web page that goes live would.
 * Returns what the server said, with how to end it.
 * @param codec alone is offered, e.g. `H264`
 */
export async function sendByWhip(
  page: Page,
  url: string,
  key: string,
  codec: string,
): Promise<{ status: number; text: string; end: () => Promise<void> }> {
  const body = await page.evaluate(async (wanted) => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 320, height: 180 })
    const context = canvas.getContext('2d')!
    const timer = setInterval(() => {
      context.fillStyle = `hsl(${(performance.now() / 10) % 360} 80% 50%)`
      context.fillRect(0, 0, 320, 180)
    }, 33)
    const audio = new AudioContext()
    const tone = audio.createOscillator()
    const out = audio.createMediaStreamDestination()
    tone.connect(out)
    tone.start()
    const peer = new RTCPeerConnection()
    const video = peer.addTransceiver(canvas.captureStream(30).getVideoTracks()[0]!, { direction: 'sendonly' })
    const { codecs } = RTCRtpSender.getCapabilities('video')!
    video.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === `video/${wanted}`))
    peer.addTransceiver(out.stream.getAudioTracks()[0]!, { direction: 'sendonly' })
    await peer.setLocalDescription(await peer.createOffer())
    const end = (): void => {
      clearInterval(timer)
      peer.close()
      void audio.close()
    }
    Object.assign(globalThis, { sending: { peer, end } })
    return peer.localDescription!.sdp
  }, codec)
  const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` }
  const response = await fetch(url, { method: 'POST', headers, body })
  const text = await response.text()
  const end = (): Promise<void> => page.evaluate(() => (globalThis as unknown as WithSending).sending.end())
  if (response.status === 201) {
    await page.evaluate(
      (sdp) => (globalThis as unknown as WithSending).sending.peer.setRemoteDescription({ type: 'answer', sdp }),
      text,
    )
  } else await end()
  return { status: response.status, text, end }
}

interface WithSending {
  sending: { peer: RTCPeerConnection; end: () => void }
}
