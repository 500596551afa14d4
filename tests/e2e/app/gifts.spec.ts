import type { Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { Anvil, hasAnvil } from '../../../src/main/ledger/testing/anvil'
import { inSizesAndThemes } from './looks'
import { makeAccount } from './make-person'
import { tellChatStory } from './tell-chat-story'
import { descendants, expect, expectMovingPreview, screenshot, test, type StudioApp } from './studio-app'

/** When a button is pressed next in a window, Unix milliseconds of this computer's one clock. */
function nextPress(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        addEventListener('pointerdown', () => resolve(Date.now()), { capture: true, once: true })
      }),
  )
}

/** When the banner of the next gift appears in a window, by the same clock. */
function nextBanner(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const watching = new MutationObserver((changes) => {
          if (!changes.some(({ addedNodes }) => addedNodes.length > 0)) return
          watching.disconnect()
          requestAnimationFrame(() => resolve(Date.now()))
        })
        for (const log of document.querySelectorAll('[role=log][aria-label=Gifts]')) {
          watching.observe(log, { childList: true })
        }
      }),
  )
}

/** By its link, or out of the list. */
async function watch(page: Page, link?: string): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Watch/ })
    .click()
  if (link === undefined) await page.getByRole('button', { name: 'Watch Evening talk' }).click({ timeout: 30_000 })
  else {
    await page.getByRole('textbox', { name: 'Link of a live or a video' }).fill(link)
    await page.getByRole('button', { name: 'Open link' }).click()
  }
  await page.getByRole('button', { name: 'Gifts', exact: true }).click({ timeout: 30_000 })
  await expect(page.getByRole('radio', { name: /^Rose/ })).toBeVisible({ timeout: 30_000 })
}

/** What share-link.ts says. */
function shareLink(what: 'share' | 'who', link: string): Promise<string> {
  return say('share-link', what, link)
}

/** What a script beside this one says; it takes our own modules, which the test runner cannot load. */
async function say(script: 'share-link' | 'deploy-chain', ...args: string[]): Promise<string> {
  const root = join(import.meta.dirname, '../../..')
  const outDir = join(root, `node_modules/.cache/we-studio-tests/${script}-${process.pid}`)
  if (!existsSync(outDir)) {
    await build({
      ...{ configFile: false, logLevel: 'error', root },
      resolve: { alias: { '@shared': join(root, 'src/shared') } },
      ssr: { noExternal: true },
      build: {
        ssr: join(import.meta.dirname, `${script}.ts`),
        ...{ target: 'node20.18', outDir, emptyOutDir: true },
        rolldownOptions: { output: { entryFileNames: `${script}.mjs` } },
      },
    })
  }
  return execFileSync(process.execPath, [join(outDir, `${script}.mjs`), ...args], { encoding: 'utf8' })
}

/** Says yes on the wallet's sheet to what is named so; returns what stood there. */
async function agree({ app }: StudioApp, title: RegExp): Promise<string> {
  const find = (): Page | undefined => app.windows().find((page) => page.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined, { timeout: 30_000 }).toBe(true)
  const prompt = find()!.getByRole('dialog', { name: title })
  await expect(prompt).toBeVisible({ timeout: 30_000 })
  const words = await prompt.innerText()
  const passphrase = prompt.getByLabel('Passphrase', { exact: true })
  if (await passphrase.isVisible()) await passphrase.fill('ripe plums in june')
  await prompt.getByRole('button', { name: 'Sign' }).click()
  return words
}

/** Fills the form of the dialog Networks that is open. */
async function addChain(page: Page, url: string, contracts: string): Promise<void> {
  const networks = page.getByRole('dialog', { name: 'Networks' })
  await networks.getByLabel('Name').fill('Testchain')
  await networks.getByLabel('RPC address', { exact: true }).fill(url)
  await networks.getByLabel(/^Contracts/).fill(contracts)
  await networks.getByRole('button', { name: 'Connect and add' }).click()
}

const to = (page: Page, place: string): Promise<void> =>
  page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${place}`) })
    .click()

/** The same two on a real chain: what is given there has a price, a fee, a question, and a row on the Ledger page. */
async function giveOnRealChain(creator: StudioApp, viewer: StudioApp): Promise<void> {
  const anvil = await Anvil.start()
  try {
    const people = await Promise.all(
      [creator, viewer].map(({ page }) => page.evaluate(async () => (await window.studio.wallet.getState()).active!)),
    )
    const contracts = await say('deploy-chain', anvil.url, ...people)
    const { page } = creator
    await page.getByRole('button', { name: 'End live' }).click()
    await page.getByRole('button', { name: 'End live' }).click()
    await expect(page.getByRole('button', { name: 'Go live' })).toBeVisible({ timeout: 30_000 })
    await to(page, 'Wallet')
    await page.getByRole('button', { name: 'Use a real chain' }).click()
    await addChain(page, anvil.url, contracts)
    const row = page.getByRole('dialog', { name: 'Networks' }).getByRole('listitem', { name: 'Testchain' })
    await row.getByRole('button', { name: 'Use' }).click({ timeout: 30_000 })
    await expect(row.getByText('In use')).toBeVisible({ timeout: 20_000 })
    await page.keyboard.press('Escape')
    await to(page, 'Studio')
    // with real value minutes are needed: bought, and used up when the live begins
    await page.getByRole('button', { name: /^Gifts/ }).click({ timeout: 30_000 })
    const dialog = page.getByRole('dialog', { name: 'Gifts and minutes' })
    await dialog.getByRole('button', { name: /^\+ 1 h/ }).click({ timeout: 30_000 })
    await agree(creator, /^Buy live packets for 6 WE/)
    await expect(dialog.locator('[data-stat="minutes"]')).toHaveText('60 min left', { timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Go live' }).click()
    await agree(creator, /^Use live packets for your live/)
    await expect(page.getByRole('timer')).toBeVisible({ timeout: 30_000 })
    const url = await page.evaluate(async () => {
      const live = await window.studio.live.getState()
      return live.state === 'live' ? live.url : ''
    })

    // Ann has not got that chain: the way out is where she stands
    await viewer.page.getByRole('button', { name: 'Back to lives' }).click({ timeout: 30_000 })
    await viewer.page.getByRole('textbox', { name: 'Link of a live or a video' }).fill(url)
    await viewer.page.getByRole('button', { name: 'Open link' }).click()
    const gifts = viewer.page.getByRole('button', { name: 'Gifts', exact: true })
    await expect(gifts).toBeVisible({ timeout: 30_000 })
    if ((await gifts.getAttribute('aria-expanded')) !== 'true') await gifts.click()
    await viewer.page.getByRole('button', { name: 'Add the network' }).click({ timeout: 30_000 })
    await addChain(viewer.page, anvil.url, contracts) // the dialog goes by itself: the gifts are open
    await viewer.page.getByRole('radio', { name: /^Coffee/ }).click({ timeout: 30_000 })
    const room = viewer.page.getByRole('region', { name: 'Gifts' })
    await expect(room.locator('[data-stat="balance"]')).toHaveText('1,000 WE', { timeout: 30_000 })
    await room.getByRole('button', { name: /^Send/ }).click()
    const deposit = await agree(viewer, /^Set 10 WE aside for gifts/)
    expect(deposit).toContain('Real value on Testchain.')
    expect(deposit).toMatch(/At most 0\.\d+ TST/)
    await expect(room.locator('[data-stat="balance"]')).toHaveText('996 WE', { timeout: 30_000 })
    await expect(page.getByRole('button', { name: '2 WE', exact: true })).toBeVisible({ timeout: 30_000 })

    await page.getByRole('button', { name: '2 WE', exact: true }).click({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Collect now' }).click()
    await agree(creator, /^Collect gifts/)
    await expect(dialog.locator('[data-stat="gifts-earned"]')).toHaveText('1.98 WE', { timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Close' }).click()
    await to(page, 'Ledger')
    await page.getByRole('button', { name: 'Networks' }).click()
    await page
      .getByRole('dialog', { name: 'Networks' })
      .getByRole('listitem', { name: 'Testchain' })
      .getByRole('button', { name: 'Show' })
      .click()
    await page.keyboard.press('Escape')
    const table = page.getByRole('table', { name: 'Ledger entries, newest first' })
    await expect(table).toContainText('was paid 2 WE of gifts from 1 viewer', { timeout: 30_000 })
    await expect(page.getByText('real chain 31337: real value')).toBeVisible()
    await screenshot(page, 'gifts-chain-ledger')
  } finally {
    await anvil.stop()
  }
}

/** The colour of a spot of the preview, shares of its sides. */
function previewAt(page: Page, x: number, y: number): Promise<number[]> {
  return page.getByLabel('Preview').evaluate(
    (element, [left, top]) => {
      const { width, height } = element as HTMLCanvasElement
      const context = (element as HTMLCanvasElement).getContext('2d')
      return context === null ? [] : [...context.getImageData(left * width, top * height, 1, 1).data].slice(0, 3)
    },
    [x, y] as const,
  )
}

/** One press in the panel of gifts puts them into the picture that everybody gets; the preview is that picture. */
async function drawIntoPicture({ page }: StudioApp): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Gifts and minutes' })
  await dialog.getByRole('switch', { name: 'Draw gifts into the picture' }).click()
  await dialog.getByRole('button', { name: 'Try it' }).click()
  // the left end of the lowest banner, in the red of small gifts
  const isRed = async (): Promise<boolean> => {
    const [red = 0, green = 0] = await previewAt(page, 0.035, 0.915)
    return red > 150 && green < 90
  }
  await expect.poll(isRed, { timeout: 20_000 }).toBe(true)
  await screenshot(page, 'gifts-in-picture')
  await expect.poll(isRed, { timeout: 20_000 }).toBe(false)
}

test('a gift is seen at once in the studio and the room and is collected, and the two talk; one cut short by a kill is told of and paid once; and so on a real chain', async ({
  launch,
}) => {
  test.setTimeout(240_000)
  const creator = await launch('creator')
  await expectMovingPreview(creator.page)
  await makeAccount(creator, 'Bea')
  await expect
    .poll(() => creator.page.evaluate(async () => (await window.studio.gifts.getCreator()).readiness.state), {
      timeout: 30_000,
    })
    .toBe('ready')
  await creator.page.getByRole('textbox', { name: 'Title' }).fill('Evening talk')
  await creator.page.getByRole('button', { name: 'Go live' }).click()
  await expect(creator.page.getByRole('timer')).toBeVisible({ timeout: 20_000 })

  const viewer = await launch('viewer')
  const { page } = viewer
  await makeAccount(viewer, 'Ann')
  // Cleo's link: her part is shown before a gift, in this room and after a restart, and paid by the contract.
  const url = await creator.page.evaluate(async () => {
    const live = await window.studio.live.getState()
    return live.state === 'live' ? live.url : ''
  })
  await watch(page, await shareLink('share', url))
  const room = page.getByRole('region', { name: 'Gifts' })
  await room.getByRole('button', { name: 'Get 1,000 test WE' }).click({ timeout: 30_000 })
  await page.getByRole('radio', { name: /^Coffee/ }).click()
  const send = room.getByRole('button', { name: /^Send/ })
  const shares =
    'The creator gets 94.05 % (1.88 WE), Cleo (0x6813…ba69) gets 4.95 % (0.09 WE) for sharing this live with you'
  await expect(room.locator('[data-stat="shares"]')).toHaveText(shares)
  await expect(room.locator('[data-stat="budget"]')).toHaveText('50 WE of your budget left')
  await send.click({ timeout: 30_000 })
  for (const who of [page, creator.page]) {
    await expect(who.getByRole('log', { name: 'Gifts' }).getByText('Ann')).toBeVisible({ timeout: 30_000 })
  }
  await screenshot(creator.page, 'gifts-studio')
  await expect(room.locator('[data-stat="balance"]')).toHaveText('996 WE test value')
  await expect(room.locator('[data-stat="budget"]')).toHaveText('48 WE of your budget left')

  // The deposit is there: from the press (and the wait for a combo) to both windows.
  await page.getByRole('radio', { name: /^Clap/ }).click()
  const banners = Promise.all([page, creator.page].map(nextBanner))
  const press = nextPress(page)
  await page.waitForTimeout(100) // both listen
  await send.click()
  const pressedAt = await press
  const delays = (await banners).map((at) => at - pressedAt)
  console.log(`gift seen after ${delays.join(' and ')} ms`)
  expect(Math.max(...delays)).toBeLessThan(10_000) // the figure is in the log: two cores draw two windows in software here
  await inSizesAndThemes(viewer, 'gifts-drawer')
  await tellChatStory(creator, viewer)

  // Ann's own link names her.
  await page.mouse.move(300, 300)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: /^Share/ })
  await sheet.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(
    sheet.getByText('Link copied, with your name. Of each gift that comes through it you get 5 %'),
  ).toBeVisible()
  const copied = await viewer.app.evaluate(({ clipboard }) => clipboard.readText())
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  const ann = await page.evaluate(async () => (await window.studio.wallet.getState()).active)
  expect(await shareLink('who', copied)).toBe(ann)

  // Cut short: signed and on disk, and the app is killed before the gift can leave.
  const profile = await viewer.app.evaluate(({ app }) => app.getPath('userData'))
  const booked = (): string => {
    const folder = readdirSync(profile, { recursive: true, encoding: 'utf8' })
    const book = folder.find((name) => /given-\d+-0x[0-9a-f]{40}\.log$/.test(name))
    return book === undefined ? '' : readFileSync(join(profile, book), 'utf8')
  }
  const count = (kind: string): number => booked().split(`"k":"${kind}"`).length - 1
  expect([count('signed'), count('sent')]).toEqual([2, 2])
  const peer = await viewer.app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'WE Studio peer')!.pid,
  )
  await page.getByRole('radio', { name: /^Balloon/ }).click()
  process.kill(peer, 'SIGSTOP')
  await send.click()
  await expect.poll(() => count('signed')).toBe(3)
  for (const pid of [viewer.pid, ...descendants(viewer.pid).map((one) => one.pid)]) process.kill(pid, 'SIGKILL')
  expect(count('sent')).toBe(2)

  const again = await launch('viewer')
  await expect(again.page.getByText(/Your Balloon for “Evening talk” was signed when the app was closed/)).toBeVisible()
  await screenshot(again.page, 'gifts-interrupted')
  await watch(again.page)
  // what was said before the kill is there again
  await expect(again.page.getByRole('listitem').filter({ hasText: 'Bea: welcome @Ann' })).toBeVisible()
  await again.page.getByRole('radio', { name: /^Coffee/ }).click()
  await expect(again.page.locator('[data-stat="shares"]')).toHaveText(shares)
  await expect(again.page.getByText(/Your Balloon .* was sent now, and is paid once/)).toBeVisible({ timeout: 30_000 })
  await creator.page.getByRole('button', { name: '8 WE' }).click({ timeout: 30_000 })
  const dialog = creator.page.getByRole('dialog', { name: 'Gifts and minutes' })
  await expect(dialog.locator('[data-stat="gifts-owed"]')).toHaveText('8 WE')
  await inSizesAndThemes(creator, 'gifts-creator')
  await dialog.getByRole('button', { name: 'Collect now' }).click()
  await expect(dialog.locator('[data-stat="gifts-earned"]')).toHaveText('7.52 WE', { timeout: 20_000 })
  await expect(dialog.locator('[data-stat="gifts-owed"]')).toHaveText('0 WE')
  await drawIntoPicture(creator)
  await dialog.getByRole('button', { name: 'Close' }).click()
  if (hasAnvil()) await giveOnRealChain(creator, again)
})
