// What axe finds on a page, in light and dark and in every size of type, and what sticks out sideways.
import axe from 'axe-core'
import { type Page, expect } from '@playwright/test'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/**
 * Colours hang on the theme alone and sizes on the type alone, so two looks meet every rule in each of both; the third asks only
 * what size can break.
 */
const LOOKS: readonly (readonly [theme: string, type: string, rules?: string[]])[] = [
  ['light', 'normal'],
  ['light', 'large', ['target-size', 'scrollable-region-focusable']],
  ['dark', 'huge'],
]

/** What axe finds and what is wider than the screen, in each look. */
async function findings(page: Page): Promise<string[]> {
  const found: string[] = []
  const before = page.viewportSize()!
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  for (const [theme, type, rules] of LOOKS) {
    await dress(page, theme, type)
    // The whole page at once: what lies under the tab bar now is not hidden, it is further down.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    if (height > before.height) await page.setViewportSize({ width: before.width, height })
    const runOnly: axe.RunOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: RULES }
    const list = await page.evaluate(async (runOnly) => {
      const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run({ runOnly, resultTypes: ['violations'] })
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
      return [
        ...violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)),
        ...(wide > 0 ? [`${wide} px wider than the screen`] : []),
      ]
    }, runOnly)
    found.push(...list.map((one) => `${theme} ${type}: ${one}`))
    if (height > before.height) await page.setViewportSize(before)
  }
  await dress(page, 'light', 'normal')
  return found
}

/** Puts a look on, as the app's own settings do, and lets every colour arrive: on its way to another it is neither. */
async function dress(page: Page, theme: string, type: string): Promise<void> {
  await page.evaluate(
    async ([theme, type]) => {
      document.documentElement.dataset.theme = theme
      document.documentElement.dataset.type = type
      await new Promise(requestAnimationFrame)
      for (const one of document.getAnimations()) if (one.effect?.getTiming().iterations !== Infinity) one.finish()
      await new Promise(requestAnimationFrame)
    },
    [theme, type] as const,
  )
}

/** Fails the test when anything is found on the page as it is now. */
export async function good(page: Page): Promise<void> {
  expect(await findings(page)).toEqual([])
}
