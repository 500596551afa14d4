import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, screenshot, type StudioApp } from './studio-app'

/** The smallest window and the one that the app opens. */
export const SMALL = [900, 600] as const
export const USUAL = [1280, 800] as const
type Size = readonly [width: number, height: number]

/** Until the page itself has the size, and has drawn itself anew. */
export async function resize({ app, page }: StudioApp, size: Size): Promise<void> {
  await app.evaluate(({ BrowserWindow }, [width, height]) => {
    BrowserWindow.getAllWindows()[0]!.setContentSize(width, height)
  }, size)
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual(size)
  await drawn(page)
}

/** Pictures of what is in front, small and usual, dark and light; in no form is a part of it out of reach. */
export async function inSizesAndThemes(copy: StudioApp, name: string, of: Page = copy.page): Promise<void> {
  for (const size of [SMALL, USUAL]) {
    await resize(copy, size)
    for (const theme of ['dark', 'light'] as const) {
      await of.emulateMedia({ colorScheme: theme }) // Playwright says light unless told
      await drawn(of)
      await screenshot(of, `${name}-${theme}-${size[0]}`)
    }
    expect.soft(await outOfReach(of), `${name}, ${size[0]} wide`).toEqual([])
  }
}

/** What axe finds serious or critical (of a part of the page, by some of its rules), with the places, for a person to read. */
export async function seriousProblems(
  page: Page,
  { root, rules }: { root?: string; rules?: string[] } = {},
): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode() // Electron opens no second page for it
  if (root !== undefined) axe.include(root)
  if (rules !== undefined) axe.withRules(rules)
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, html }) => `${target.join(' ')} ${html}`).join(', ')}`)
}

/** Two frames, and the ends of the transitions that have begun. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done))
    await frame()
    await frame()
    const running = document.getAnimations().filter((one) => one instanceof CSSTransition)
    const late = new Promise((done) => setTimeout(done, 2_000)) // of a page that is not drawn, they never end
    await Promise.race([late, Promise.allSettled(running.map(({ finished }) => finished))])
  })
}

/**
 * Buttons and fields that lie outside of the window where no scrolling brings them (the window itself does not scroll), and
 * what scrolls inside of something that scrolls and fills it.
 */
function outOfReach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const named = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${(element.getAttribute('class') ?? '').replaceAll(' ', '.')} "${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}"`
    const scrolls = (element: Element): boolean => {
      const { overflowX, overflowY } = getComputedStyle(element)
      const down = /auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1
      return down || (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
    }
    const scroller = (element: Element): Element | null => {
      for (let above = element.parentElement; above !== null; above = above.parentElement)
        if (scrolls(above)) return above
      return null
    }
    for (const element of document.querySelectorAll('button, input, select, textarea, a[href], [role=tab]')) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect()
      if (width < 2 || height < 2 || element.closest('[inert]') !== null) continue // for screen readers alone; waiting
      const isOut = left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1
      if (isOut && scroller(element) === null) found.push(`out of reach: ${named(element)}`)
    }
    for (const element of document.querySelectorAll('*')) {
      if (element.tagName === 'TEXTAREA' || !element.checkVisibility() || !scrolls(element)) continue
      const outer = scroller(element)
      if (outer !== null && element.clientHeight > outer.clientHeight * 0.9)
        found.push(`two scroll bars: ${named(element).slice(0, 60)} in ${named(outer).slice(0, 60)}`)
    }
    return found
  })
}
