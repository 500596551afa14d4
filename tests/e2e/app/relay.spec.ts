import { spawn } from 'node:child_process'
import { expect, test } from './studio-app'

test('the relay of the app runs only while it is wanted, takes a live by its key, and browsers can watch', async ({
  launch,
}) => {
  process.env['WE_RELAY_RTMP_PORT'] = '0'
  process.env['WE_RELAY_HTTP_PORT'] = '0'
  const { app, page } = await launch('creator')
  const engines = (): Promise<number> =>
    app.evaluate(
      ({ app: electron }) => electron.getAppMetrics().filter(({ name }) => name === 'WE Studio relay').length,
    )
  expect(await engines()).toBe(0)
  const state = await page.evaluate(() => window.studio.relay.start({ open: false }))
  if (state.state !== 'on') throw new Error(JSON.stringify(state))
  expect(state.open).toBe(false)
  expect(await engines()).toBe(1)
  const key = await page.evaluate(() => window.studio.relay.makeKey('show'))
  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30']
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-pix_fmt', 'yuv420p']
  const url = `rtmp://127.0.0.1:${state.rtmpPort}/live/${key}`
  const publisher = spawn('ffmpeg', ['-v', 'error', ...source, ...encode, '-f', 'flv', url], { stdio: 'ignore' })
  try {
    const web = `http://127.0.0.1:${state.httpPort}`
    await expect.poll(async () => (await fetch(`${web}/live/show/index.m3u8`)).status).toBe(200)
    expect(await (await fetch(`${web}/watch/show`)).text()).toContain('WE Studio')
    const figures = await page.evaluate(
      () => new Promise<unknown>((resolve) => void window.studio.relay.figures((one) => resolve(one))),
    )
    expect(figures).toMatchObject({ lives: [{ name: 'show', sending: true }] })
  } finally {
    publisher.kill('SIGKILL')
  }
  await page.evaluate(() => window.studio.relay.stop())
  await expect.poll(engines).toBe(0)
  expect(await page.evaluate(() => window.studio.relay.getState())).toEqual({ state: 'off' })
})
