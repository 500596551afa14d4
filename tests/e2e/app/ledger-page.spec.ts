import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, screenshot, test } from './studio-app'

const ROOT = join(import.meta.dirname, '../../..')

/** Lets people do things on the ledger of a profile, which no process has open yet. */
async function tellStory(outDir: string, dataDir: string): Promise<void> {
  await build({
    ...{ configFile: false, logLevel: 'error', root: ROOT },
    resolve: { alias: { '@shared': join(ROOT, 'src/shared') } },
    ssr: { noExternal: true, external: ['classic-level'] },
    build: {
      ssr: join(import.meta.dirname, 'tell-ledger-story.ts'),
      ...{ target: 'node20.18', outDir, emptyOutDir: true },
      rolldownOptions: { external: [/^classic-level(\/|$)/], output: { entryFileNames: 'story.mjs' } },
    },
  })
  execFileSync(process.execPath, [join(outDir, 'story.mjs'), join(dataDir, 'ledgers', 'home')], { stdio: 'inherit' })
}

test('the ledger is looked up, filtered by keys, explained row by row, exported, and another network is refused with words', async ({
  launch,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'we-ledger-page-'))
  // inside the repository, so that the bundle finds the native packages that stay outside it
  const bundle = join(ROOT, `node_modules/.cache/we-studio-tests/ledger-story-${process.pid}`)
  const { app, page } = await launch('anna')
  try {
    const { dataDir } = await page.evaluate(() => window.studio.app.getInfo())
    await tellStory(bundle, dataDir)
    await page.getByRole('navigation').getByText('Ledger', { exact: true }).click()
    await expect(page.getByText('local ledger: test value')).toBeVisible({ timeout: 30_000 })
    const table = page.getByRole('table', { name: 'Ledger entries, newest first' })
    await expect(table.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText(/^Up to block/)).toBeVisible()

    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Settlement' })
    await expect(table.getByRole('rowheader')).toHaveCount(13)
    await expect(table).toContainText('was paid 20 WE of gifts from 1 viewer')
    await page
      .getByLabel('Content', { exact: true })
      .fill('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
    await expect(page.getByText('Nothing like that on this ledger')).toBeVisible()
    await screenshot(page, 'ledger-no-match')
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect(table.getByRole('row').nth(5)).toBeVisible()

    // by keys alone: down, open, details, close
    await table.getByRole('rowheader').first().getByRole('button').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('complementary', { name: 'Details of the entry' })
    await expect(drawer).toContainText('Your computer executed this block itself')
    await screenshot(page, 'ledger-details')
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
    await screenshot(page, 'ledger-details-dark')
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(900, 600))
    await screenshot(page, 'ledger-small-details-dark')
    await page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
    await screenshot(page, 'ledger-small-dark')
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'))
    await screenshot(page, 'ledger-small')
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800))
    await screenshot(page, 'ledger')

    const file = join(folder, 'ledger.csv')
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, file)
    await page.getByRole('button', { name: 'Export as CSV' }).click()
    await expect(page.getByText(/entries are exported/)).toBeVisible()
    expect(readFileSync(file, 'utf8')).toContain('executed here, signed by 0x')

    await page.getByRole('button', { name: 'Networks' }).click()
    const networks = page.getByRole('dialog', { name: 'Networks' })
    await networks.getByText('Add a real chain').click()
    await networks.getByLabel('Name').fill('Somewhere')
    await networks.getByLabel('RPC address', { exact: true }).fill('http://rpc.example.org')
    await networks.getByLabel(/^Contracts/).fill('{"contracts": {}}')
    await networks.getByRole('button', { name: 'Connect and add' }).click()
    await expect(networks.getByText('Over the internet the address must begin with https://')).toBeVisible()
    await screenshot(page, 'ledger-networks')
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
    await screenshot(page, 'ledger-networks-dark')
    await page.keyboard.press('Escape')
    await screenshot(page, 'ledger-dark')
  } finally {
    for (const made of [folder, bundle]) rmSync(made, { recursive: true, force: true })
  }
})
