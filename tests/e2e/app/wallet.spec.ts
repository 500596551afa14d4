import type { Page } from '@playwright/test'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Anvil, anvilAccount, hasAnvil } from '../../../src/main/ledger/testing/anvil'
import { inSizesAndThemes } from './looks'
import { expect, screenshot, SCREENSHOTS, test, type StudioApp } from './studio-app'

const PHRASE = 'test test test test test test test test test test test junk'
const ME = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const ADA = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const PASSPHRASE = 'ripe plums in june'
const WE = 10n ** 18n

/** The wallet's sheet: a page beside the window's. */
async function sheetOf({ app }: StudioApp): Promise<Page> {
  const find = (): Page | undefined => app.windows().find((page) => page.url().startsWith('app://wallet-sheet'))
  await expect.poll(() => find() !== undefined).toBe(true)
  return find()!
}

/** The whole display, as the person sees it: a screenshot of a page knows nothing of the view over it. */
async function together(copy: StudioApp, name: string): Promise<void> {
  const png = await copy.app.evaluate(async ({ desktopCapturer }) => {
    const [display] = await desktopCapturer.getSources({
      types: ['screen'],
      thumbnailSize: { width: 1280, height: 800 },
    })
    return display?.thumbnail.toPNG().toString('base64') ?? ''
  })
  writeFileSync(join(SCREENSHOTS, `${name}.png`), Buffer.from(png, 'base64'))
}

/** How a call from the window ended. */
const outcome = (page: Page, amount: bigint): Promise<string> =>
  page.evaluate(
    ([to, wei]) =>
      window.studio.wallet.send({ to, amountWei: wei }).then(
        () => 'sent',
        (error: unknown) => (error as { code: string }).code,
      ),
    [ADA, amount] as const,
  )

/** A real chain in front, its value and fee said; then back by one press. The account of these words is rich on anvil. */
async function onRealChain(copy: StudioApp, sheet: Page): Promise<void> {
  const { page } = copy
  const anvil = await Anvil.start()
  const balance = page.getByRole('region', { name: 'Balance' })
  try {
    const address = await deployToken(anvil)
    await page.getByRole('button', { name: 'Use a real chain' }).click()
    const networks = page.getByRole('dialog', { name: 'Networks' })
    await networks.getByLabel('Name').fill('Testchain')
    await networks.getByLabel('RPC address', { exact: true }).fill(anvil.url)
    const contracts = JSON.stringify({ coin: 'TST', contracts: { WEToken: { address } } })
    await networks.getByLabel(/^Contracts/).fill(contracts)
    await networks.getByRole('button', { name: 'Connect and add' }).click()
    const row = networks.getByRole('listitem', { name: 'Testchain' })
    await row.getByRole('button', { name: 'Use' }).click()
    await expect(row.getByText('In use')).toBeVisible()
    await screenshot(page, 'wallet-networks')
    await page.keyboard.press('Escape')
    await expect(balance.getByText('Testchain: real value')).toBeVisible()
    await expect(balance.getByText('1,250,000,000 WE')).toBeVisible()
    await expect(balance.getByText(/TST for network fees/)).toBeVisible()

    await page.getByRole('button', { name: 'Send' }).click()
    const send = page.getByRole('dialog', { name: 'Send WE' })
    await send.getByLabel('To').fill(ADA)
    await send.getByLabel('Amount').fill('50')
    await screenshot(page, 'wallet-send-chain')
    await send.getByRole('button', { name: 'Send' }).click()
    const prompt = sheet.getByRole('dialog', { name: 'Send 50 WE' })
    await expect(prompt.getByText('Real value on Testchain.')).toBeVisible()
    await expect(prompt.getByText(/^At most 0\.\d+ TST$/)).toBeVisible()
    await inSizesAndThemes(copy, 'wallet-prompt-chain', sheet)
    await prompt.getByRole('button', { name: 'Sign' }).click()
    await expect(balance.getByText('1,249,999,950 WE')).toBeVisible({ timeout: 30_000 })
    await inSizesAndThemes(copy, 'wallet-chain')

    await page.getByRole('button', { name: 'Back to the local ledger' }).click()
    await expect(balance.getByText('987.5 WE')).toBeVisible()
    await expect(balance.getByText('Local ledger: test value only')).toBeVisible()
  } finally {
    await anvil.stop()
  }
}

/** All WE for the one who deploys; its address. */
async function deployToken(anvil: Anvil): Promise<string> {
  const artifact = join(import.meta.dirname, '../../../contracts/artifacts/WEToken.json')
  const { bytecode } = JSON.parse(readFileSync(artifact, 'utf8')) as { bytecode: string }
  const word = ME.slice(2).toLowerCase().padStart(64, '0')
  const provider = anvil.provider()
  const sent = await anvilAccount(0)
    .connect(provider)
    .sendTransaction({ data: bytecode + word.repeat(5) })
  const receipt = await sent.wait()
  provider.destroy()
  return receipt!.contractAddress!.toLowerCase()
}

test('an account in one step, with test value, sends after a yes; the window alone signs nothing', async ({
  launch,
}) => {
  const copy = await launch('person')
  const { app, page } = copy
  await expect(page.getByRole('complementary', { name: 'Your account' })).toBeVisible()
  await screenshot(page, 'wallet-onboarding')
  await page.getByRole('button', { name: 'Wallet' }).click()
  await inSizesAndThemes(copy, 'wallet-empty')

  // One step, on the sheet.
  await expect(page.getByRole('button', { name: 'Make account' })).toHaveCount(1)
  await page.getByRole('button', { name: 'Make account' }).click()
  const sheet = await sheetOf(copy)
  const create = sheet.getByRole('dialog', { name: 'Your account' })
  await expect(create).toBeVisible()
  await expect(create.getByLabel('Name')).toBeFocused()
  await create.getByRole('button', { name: 'Make account' }).click()
  await expect(create.getByRole('alert')).toHaveText('Give your account a name.')
  await create.getByLabel('Name').fill('Ada')
  await create.getByLabel('Passphrase', { exact: true }).fill('abc')
  await expect(create.getByText('At least 8 characters')).toBeVisible()
  await create.getByLabel('Passphrase', { exact: true }).fill('plums in the garden')
  await together(copy, 'wallet-create')
  await create.getByRole('button', { name: 'I have one already' }).click()

  // Or bring one: the well-known words of developers.
  const bring = sheet.getByRole('dialog', { name: 'Bring an account' })
  await bring.getByLabel('Backup words').fill(PHRASE.replace('junk', 'jnk'))
  await bring.getByLabel('Name', { exact: true }).fill('Ada')
  await bring.getByLabel('Passphrase on this computer', { exact: true }).fill(PASSPHRASE)
  await sheet.keyboard.press('Tab')
  await bring.getByRole('button', { name: 'Bring it in' }).click()
  await expect(bring.getByRole('alert')).toContainText('Word 12')
  await screenshot(sheet, 'wallet-import')
  await bring.getByLabel('Backup words').fill(PHRASE)
  await bring.getByRole('button', { name: 'Bring it in' }).click()
  await expect(page.getByText(ME)).toBeVisible()
  await expect(page.getByRole('complementary', { name: 'Your account' })).toBeHidden()
  const balance = page.getByRole('region', { name: 'Balance' })
  await expect(balance.getByText('1,000 WE')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('test value only')).toBeVisible()

  // Sending: the address is checked, the sheet asks, a no is a no.
  await page.getByRole('button', { name: 'Send' }).click()
  const send = page.getByRole('dialog', { name: 'Send WE' })
  await send.getByLabel('To').fill(ADA.replace('C51812', 'c51812'))
  await expect(send.getByText('typing error')).toBeVisible()
  await send.getByLabel('To').fill(ADA)
  await expect(send.getByText('You have never paid this address')).toBeVisible()
  await send.getByLabel('Amount').fill('5000')
  await expect(send.getByRole('button', { name: 'Send' })).toBeDisabled()
  await send.getByLabel('Amount').fill('12.5')
  await screenshot(page, 'wallet-send')
  await send.getByRole('button', { name: 'Send' }).click()
  const prompt = sheet.getByRole('dialog', { name: 'Send 12.5 WE' })
  await expect(prompt.getByText(ADA)).toBeVisible()
  await expect(prompt.getByRole('button', { name: 'Sign' })).toBeDisabled() // for a moment
  await together(copy, 'wallet-prompt')
  await inSizesAndThemes(copy, 'wallet-prompt', sheet)
  await sheet.keyboard.press('Escape')
  await expect(send.getByRole('alert')).toContainText('you said no')
  await send.getByRole('button', { name: 'Send' }).click()
  await prompt.getByRole('button', { name: 'Sign' }).click()
  await expect(balance.getByText('987.5 WE')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('listitem').filter({ hasText: 'Send 12.5 WE' })).toContainText('you agreed')
  await expect(page.getByRole('listitem').filter({ hasText: 'Get 1,000 test WE' })).toContainText('+1,000 WE')
  await page.getByRole('button', { name: 'Receive' }).click()
  await expect(page.getByRole('img', { name: `QR code of the address ${ME}` })).toBeVisible()
  await screenshot(page, 'wallet-receive')
  await page.keyboard.press('Escape')
  await inSizesAndThemes(copy, 'wallet-page')
  if (hasAnvil()) await onRealChain(copy, sheet)

  // Whoever runs a script in the window: it can ask, and that is all.
  expect(
    await page.evaluate(() =>
      Object.keys(window.studio.wallet).filter((name) => /sign|answer|key|grant|export/i.test(name)),
    ),
  ).toEqual([])
  const asked = outcome(page, WE)
  const again = sheet.getByRole('dialog', { name: 'Send 1 WE' })
  await expect(again).toBeVisible()
  const tries = await page.evaluate(async () => {
    const ended = async (call: () => unknown): Promise<string> => {
      try {
        return String(await call())
      } catch (error) {
        return (error as { code?: string; name: string }).code ?? (error as Error).name
      }
    }
    const studio = window.studio as unknown as Record<string, Record<string, (input?: unknown) => Promise<unknown>>>
    const frame = document.createElement('iframe')
    frame.src = 'app://wallet-sheet/sheet.html'
    document.body.append(frame)
    const own = document.createElement('iframe')
    own.src = 'app://studio/sheet.html'
    document.body.append(own)
    const webview = document.createElement('webview') as HTMLElement & { src: string }
    webview.src = 'app://wallet-sheet/sheet.html'
    document.body.append(webview)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const forged = { id: '00000000-0000-4000-8000-000000000000', yes: true, allowWei: 0n, passphrase: null }
    const wire = { t: 'call', id: 1, name: 'answer', input: forged }
    for (const target of [window, frame.contentWindow, own.contentWindow]) target?.postMessage(wire, '*')
    const channel = new MessageChannel()
    window.postMessage('wallet:sheet-port', '*', [channel.port2])
    channel.port1.postMessage(wire)
    new BroadcastChannel('wallet').postMessage(wire)
    return {
      answer: await ended(() => studio['wallet']!['answer']!(forged)),
      signTab: await ended(() => studio['wallet']!['signTab']!({})),
      sheet: await ended(() => studio['sheet']!['answer']!(forged)),
      opened: window.open('app://wallet-sheet/sheet.html') === null,
      fetched: await ended(() => fetch('app://wallet-sheet/sheet.html').then((response) => response.status)),
      frames: [frame, own].map((one) => {
        try {
          return one.contentDocument?.querySelector('form') ?? null
        } catch {
          return null
        }
      }),
      bridge: [frame, own].map((one) => {
        try {
          return typeof (one.contentWindow as unknown as { studio?: unknown } | null)?.studio
        } catch {
          return 'undefined'
        }
      }),
      webview: typeof (webview as unknown as { executeJavaScript?: unknown }).executeJavaScript,
    }
  })
  expect(tries).toMatchObject({
    ...{ answer: 'TypeError', signTab: 'TypeError', sheet: 'TypeError', opened: true },
    ...{ frames: [null, null], bridge: ['undefined', 'undefined'], webview: 'undefined' },
  })
  expect(tries.fetched).not.toBe('200')
  await expect(again).toBeVisible()
  // The sheet has no way to main, another process, and no keys of the window reach it.
  expect(await sheet.evaluate(() => typeof (window as { studio?: unknown }).studio)).toBe('undefined')
  const processes = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((each) => each.getOSProcessId()),
  )
  expect(new Set(processes).size).toBe(processes.length)
  await again.getByRole('button', { name: 'Refuse' }).click()
  expect(await asked).toBe('sign-refused')

  // Nor does it raise what goes without asking: that is a question on the sheet, and a no leaves all as it was.
  const limits = page.evaluate((wei) => {
    const most = { perDayWei: wei, perGiftWei: wei }
    return window.studio.wallet.setLimits(most).then(
      () => 'raised',
      (error: unknown) => (error as { code: string }).code,
    )
  }, 10_000n * WE)
  const raise = sheet.getByRole('dialog', { name: 'Give more without a question' })
  await expect(raise.getByText('From 50 WE to 10,000 WE')).toBeVisible()
  await screenshot(sheet, 'wallet-limits')
  const perDay = (): Promise<bigint> =>
    page.evaluate(() => window.studio.wallet.getState().then((wallet) => wallet.limits.perDayWei))
  expect(await perDay()).toBe(50n * WE)
  await raise.getByRole('button', { name: 'Refuse' }).click()
  expect(await limits).toBe('sign-refused')
  expect(await perDay()).toBe(50n * WE)
  await page.getByLabel('A day, in each room').fill('60')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(raise.getByText('From 50 WE to 60 WE')).toBeVisible()
  await raise.getByRole('button', { name: 'Allow' }).click()
  await expect.poll(perDay).toBe(60n * WE)

  // A sheet that dies says no; locked, it wants the passphrase.
  const dying = outcome(page, WE)
  await expect(again).toBeVisible()
  await app.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .find((each) => each.getURL().startsWith('app://wallet-sheet'))!
      .forcefullyCrashRenderer(),
  )
  expect(await dying).toBe('sign-refused')
  await page.getByRole('button', { name: 'Lock', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible()
  const locked = outcome(page, WE)
  await expect.poll(() => app.windows().filter((each) => each.url().startsWith('app://wallet-sheet')).length).toBe(1)
  const second = await sheetOf(copy)
  const wanting = second.getByRole('dialog', { name: 'Send 1 WE' })
  await wanting.getByLabel('Passphrase', { exact: true }).fill('my guess at it')
  await wanting.getByRole('button', { name: 'Sign' }).click()
  await expect(wanting.getByRole('alert')).toContainText('does not open this account')
  await screenshot(second, 'wallet-prompt-locked')
  await wanting.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await wanting.getByRole('button', { name: 'Sign' }).click()
  expect(await locked).toBe('sent')

  // Backup, and nothing secret anywhere but on the sheet.
  await page.getByRole('button', { name: 'Back up' }).first().click()
  const backup = second.getByRole('dialog', { name: 'Back up your account' })
  await backup.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await screenshot(second, 'wallet-backup')
  await backup.getByRole('button', { name: 'Show the words' }).click()
  await expect(second.getByRole('listitem')).toHaveText(PHRASE.split(' '))
  await screenshot(second, 'wallet-words')
  await second.getByRole('button', { name: 'I have written them' }).click()
  for (const field of await second.getByRole('textbox').all()) {
    const place = Number(
      /\d+/.exec(await field.evaluate((input) => (input as HTMLInputElement).labels![0]!.textContent))![0],
    )
    await field.fill(PHRASE.split(' ')[place - 1]!)
  }
  await second.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByText('· backed up')).toBeVisible()

  const userData = await app.evaluate(({ app: electron }) => electron.getPath('userData'))
  const told = [
    copy.log(),
    await page.content(),
    JSON.stringify(await page.evaluate(() => JSON.stringify(window.studio.wallet))),
  ]
  for (const entry of readdirSync(userData, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) told.push(readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
  }
  const key = Buffer.from(KEY, 'hex')
  for (const secret of [KEY, key.toString('base64'), key.toString('latin1'), 'test test', PASSPHRASE]) {
    expect(told.filter((text) => text.includes(secret))).toEqual([])
  }
})
