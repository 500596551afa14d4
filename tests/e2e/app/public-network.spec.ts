import { expect, screenshot, test } from './studio-app'

const ENTRY = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'

test('the public network is off, is switched with words, and a network of one’s own restarts the network part', async ({
  launch,
}) => {
  const { page } = await launch('creator')
  await page.getByRole('navigation').getByText('Settings', { exact: true }).click()
  const toggle = page.getByRole('switch', { name: 'Public IPFS network' })
  await expect(toggle).toHaveAttribute('aria-checked', 'false')
  await toggle.scrollIntoViewIfNeeded()
  await screenshot(page, 'public-network-off')
  await page.getByText('Use a network of your own instead').click()
  const entries = page.getByRole('textbox', { name: /Entry points/ })
  await entries.fill('nonsense')
  await expect(page.getByText('is no address with a peer id')).toBeVisible()
  await entries.fill(ENTRY)
  await page.getByRole('button', { name: 'Save entry points' }).click()
  await toggle.click()
  await expect(page.getByText('Looking for your own network')).toBeVisible({ timeout: 20_000 })
  await screenshot(page, 'public-network-on')
  await toggle.click()
  await expect(page.getByText(/^Off\./)).toBeVisible({ timeout: 20_000 })
})
