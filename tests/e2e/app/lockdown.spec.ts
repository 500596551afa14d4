import { expect, oneApp, test } from './studio-app'

// A copy of its own, as a refused navigation is the last that its window does.
test('the window is locked down as Electron’s checklist asks', async ({ launch }) => {
  const { app, page } = await launch('creator')
  await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible()

  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as Electron.WebContents & {
      getLastWebPreferences(): Electron.WebPreferences
    }
    const { contextIsolation, sandbox, nodeIntegration, webviewTag, webSecurity } = contents.getLastWebPreferences()
    return {
      contextIsolation,
      sandbox,
      nodeIntegration,
      webviewTag: webviewTag ?? false,
      webSecurity: webSecurity ?? true,
    }
  })
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  })

  const inside = await page.evaluate(async () => ({
    node: typeof (globalThis as { require?: unknown; process?: unknown }).require,
    process: typeof (globalThis as { process?: unknown }).process,
    isolated: crossOriginIsolated,
    origin: location.origin,
    // Not `new Function`: the debugger that drives this test may evaluate text, the page may not.
    inlineScript: (() => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.inlineScriptRan = true'
      document.head.append(script)
      return 'inlineScriptRan' in globalThis
    })(),
    outside: await fetch('https://example.com/').then(
      () => 'reached',
      () => 'refused',
    ),
    popup: window.open('https://example.com/') === null,
    frozen: !Reflect.set(window, 'studio', null) || typeof window.studio === 'object',
  }))
  expect(inside).toMatchObject({
    node: 'undefined',
    process: 'undefined',
    isolated: true,
    origin: 'app://studio',
    inlineScript: false,
    outside: 'refused',
    popup: true,
    frozen: true,
  })
  // At the start the names of devices may be read for a moment.
  const camera = (): Promise<string> =>
    page.evaluate(() => navigator.permissions.query({ name: 'camera' }).then((status) => status.state))
  await expect.poll(camera).toBe('denied')

  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await page.waitForTimeout(300)
  expect(page.url()).toContain('app://studio/')
})

test.describe('a window that runs', () => {
  const creator = oneApp('creator', '--use-fake-device-for-media-stream')

  test('the custom protocols never leave their folders', async () => {
    const { page } = creator()
    const statuses = await page.evaluate(async () => {
      const paths = [
        '../main/main.js',
        '..%2fmain%2fmain.js',
        '%2e%2e/main/cli.js',
        '..%5c..%5cpackage.json',
        '%00',
        '%zz',
      ]
      const media = ['media://live/x/../../etc/passwd', 'media://file/etc/passwd', 'media://live/none/index.m3u8']
      const asked = [...paths.map((path) => `app://studio/${path}`), ...media]
      return Promise.all(
        asked.map((url) =>
          fetch(url).then(
            (answer) => answer.status,
            () => 0,
          ),
        ),
      )
    })
    expect(statuses.every((status) => status === 404 || status === 0)).toBe(true)
  })

  test('calls with a wrong shape are refused with words, never thrown raw', async () => {
    const { page } = creator()
    const answers = await page.evaluate(async () => {
      const refused = async (call: Promise<unknown>): Promise<string> =>
        call.then(
          () => 'accepted',
          (error: unknown) => (error as { code?: string }).code ?? 'raw',
        )
      const { studio } = window
      return [
        await refused(studio.beauty.set({ enabled: true, smooth: 7, whiten: 0, thin: 0, eyes: 0 })),
        await refused(studio.source.open({ kind: 'file', path: '', loop: true })),
        await refused(studio.live.start({ title: '', category: 'Talk', record: false })),
        await refused(studio.watch.open('x'.repeat(5000))),
      ]
    })
    expect(answers).toEqual(['bad-input', 'bad-input', 'bad-input', 'bad-input'])
  })

  test('the window can capture only what main has asked it for, and only then', async () => {
    const { page } = creator()
    await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible()
    // The names of devices were read at the start; then that moment is over.
    const camera = page.getByRole('group', { name: 'Cameras' }).getByRole('radio').first()
    await expect(camera).toBeVisible()
    const tries = (): Promise<Record<string, string>> =>
      page.evaluate(async () => {
        const outcome = async (call: Promise<MediaStream>): Promise<string> =>
          call.then(
            (stream) => {
              stream.getTracks().forEach((track) => track.stop())
              return 'captured'
            },
            (error: unknown) => (error as Error).name,
          )
        const { mediaDevices } = navigator
        const desktop = { mandatory: { chromeMediaSource: 'desktop', chromeMediaSourceId: 'screen:0:0' } }
        return {
          camera: await outcome(mediaDevices.getUserMedia({ video: true })),
          microphone: await outcome(mediaDevices.getUserMedia({ audio: true })),
          both: await outcome(mediaDevices.getUserMedia({ video: true, audio: true })),
          screen: await outcome(mediaDevices.getUserMedia({ video: desktop as unknown as MediaTrackConstraints })),
          display:
            (await outcome(mediaDevices.getDisplayMedia({ video: true }))) === 'captured' ? 'captured' : 'refused',
          names: (await mediaDevices.enumerateDevices()).map(({ label }) => label).join(''),
          permission: (await navigator.permissions.query({ name: 'camera' })).state,
        }
      })
    const refused = {
      ...{
        camera: 'NotAllowedError',
        microphone: 'NotAllowedError',
        both: 'NotAllowedError',
        screen: 'NotAllowedError',
      },
      ...{ display: 'refused', names: '', permission: 'denied' },
    }
    expect(await tries()).toEqual(refused)

    // Being allowed to read names allows no capture.
    await page.evaluate(() => window.studio.source.allowDeviceNames())
    expect(await tries()).toMatchObject({
      camera: 'NotAllowedError',
      microphone: 'NotAllowedError',
      both: 'NotAllowedError',
    })

    // A capture that main asks for is made; a second one beside it is not.
    await camera.check()
    await expect
      .poll(() => page.evaluate(() => window.studio.source.getState()), { timeout: 20_000 })
      .toMatchObject({ state: 'open', spec: { kind: 'browser' } })
    expect(await tries()).toMatchObject({
      camera: 'NotAllowedError',
      microphone: 'NotAllowedError',
      both: 'NotAllowedError',
    })
  })
})
