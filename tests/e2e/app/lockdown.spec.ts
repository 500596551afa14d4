import { expect, test } from './studio-app'

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
    camera: await navigator.permissions.query({ name: 'camera' }).then((status) => status.state),
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
    camera: 'denied',
    frozen: true,
  })

  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await page.waitForTimeout(300)
  expect(page.url()).toContain('app://studio/')
})

test('the custom protocols never leave their folders', async ({ launch }) => {
  const { page } = await launch('creator')
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

test('calls with a wrong shape are refused with words, never thrown raw', async ({ launch }) => {
  const { page } = await launch('creator')
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
