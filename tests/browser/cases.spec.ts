// The list of cases, cases that are missing, and cases that a court's own system brings.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import axe from 'axe-core'
import type { Page } from '@playwright/test'
import { LOAN, SALE, clerk, judge, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Nothing that axe finds and nothing wider than the screen, in light and, with huge type, in dark. */
async function good(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  for (const [theme, type] of [['dark', 'huge'], ['light', 'large'], ['light', 'normal']] as const) {
    const found = await page.evaluate(
      async ([theme, type, rules]) => {
        document.documentElement.dataset.theme = theme
        document.documentElement.dataset.type = type
        await new Promise(requestAnimationFrame)
        for (const one of document.getAnimations()) if (one.effect?.getTiming().iterations !== Infinity) one.finish()
        await new Promise(requestAnimationFrame)
        const { axe } = window as unknown as { axe: typeof import('axe-core') }
        const { violations } = await axe.run({ runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
        return [...violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)), ...(wide > 0 ? [`${wide} px too wide`] : [])]
      },
      [theme, type, RULES] as const,
    )
    expect(found, `${theme} ${type}`).toEqual([])
  }
}

const rows = (page: Page) => page.locator('main li, .rows li').filter({ has: page.getByRole('link') })

test('a case is found by its number, its cause and its parties, among those that are open or closed', async ({ as }) => {
  const page = await as(judge)
  await page.goto('/cases')
  await expect(page.getByText(SALE)).toBeVisible()
  await expect(page.getByText(LOAN)).toBeVisible()
  await good(page)
  const search = page.getByRole('searchbox')
  for (const [words, found, hidden] of [
    ['（2026）沪0113民初10241', SALE, LOAN],
    ['借贷', LOAN, SALE],
    ['王一方', LOAN, SALE],
  ] as const) {
    await search.fill(words)
    await expect(page.getByText(hidden)).toHaveCount(0)
    await expect(page.getByText(found)).toBeVisible()
  }
  await search.fill('没有这样的案件')
  await expect(page.getByText('没有找到符合条件的案件')).toBeVisible()
  await good(page)
  await page.keyboard.press('Escape')
  await expect(page.getByText(SALE)).toBeVisible()
  await page.getByRole('button', { name: '已结' }).click()
  await expect(page.getByText('没有找到符合条件的案件')).toBeVisible()
  await page.getByRole('button', { name: '未结' }).click()
  await expect(page.getByText(SALE)).toBeVisible()
})

test('the list is sorted by the next sitting, both ways, and filtered by capacity', async ({ as }) => {
  const page = await as(judge)
  await page.goto('/cases')
  await page.getByRole('button', { name: /按立案日期/ }).click()
  await expect(page.getByRole('button', { name: /开庭由近到远/ })).toBeVisible()
  // The sale is being mediated; the loan's evidence is exchanged in two days.
  await expect(rows(page).first()).toContainText(SALE)
  await page.getByRole('button', { name: /开庭由近到远/ }).click()
  await expect(rows(page).first()).toContainText(LOAN)
  await page.getByRole('button', { name: '审判员', exact: true }).click()
  await expect(page.getByText('没有找到符合条件的案件')).toBeVisible()
  await page.getByRole('button', { name: '全部身份' }).click()
  await expect(page.getByText(SALE)).toBeVisible()
})

test('a list that cannot be fetched says so and is fetched again', async ({ as }) => {
  const page = await as(judge)
  await page.route('**/api/cases?*', (route) => route.abort())
  await page.goto('/cases')
  await expect(page.getByText('没有加载成功')).toBeVisible()
  await good(page)
  await page.unroute('**/api/cases?*')
  await page.getByRole('button', { name: '重试' }).click()
  await expect(page.getByText(SALE)).toBeVisible()
  const asked = page.waitForResponse((response) => response.url().includes('/api/cases?'))
  await page.getByRole('button', { name: '刷新' }).click()
  expect((await asked).status()).toBe(200)
})

test('a missing case is reported by keyboard, comes to the clerk, and the answer comes back', async ({ as }, info) => {
  const number = info.project.name === 'phone' ? SALE : '(2026)沪0113民初99999号'
  const remark = `立案已有一个月（${info.project.name}）`
  const page = await as(plaintiffAgent)
  await page.goto('/cases')
  await page.getByRole('link', { name: '找不到我的案件？' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '找不到我的案件' })).toBeVisible()
  await good(page)
  const field = page.getByLabel('案号', { exact: true })
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page.getByText('请填写案号', { exact: true })).toBeVisible()
  await expect(field).toBeFocused()
  await good(page)
  await page.keyboard.type(number)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type(remark)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByText('已提交，请等待书记员答复')).toBeVisible()
  const mine = page.getByRole('listitem').filter({ hasText: remark })
  await expect(mine.getByText('待答复')).toBeVisible()
  await good(page)

  const desk = await as(clerk)
  await desk.goto('/cases')
  await desk.getByRole('link', { name: '案件缺失反馈' }).click()
  const report = desk.getByRole('listitem').filter({ hasText: remark })
  await expect(report.getByText('199****0006')).toBeVisible()
  await good(desk)
  await report.getByRole('button', { name: `答复：${number}` }).click()
  await expect(desk.getByRole('dialog')).toBeVisible()
  await good(desk)
  await desk.getByLabel('答复内容').fill('请携带身份证件到诉讼服务中心核实。')
  await desk.getByRole('button', { name: '发送并标为已处理' }).click()
  await expect(desk.getByRole('dialog')).toBeHidden()
  await expect(report).toHaveCount(0)
  await desk.getByRole('button', { name: '已答复' }).click()
  await expect(report.getByText('请携带身份证件到诉讼服务中心核实。')).toBeVisible()
  await good(desk)

  await page.reload()
  await expect(mine.getByText('请携带身份证件到诉讼服务中心核实。')).toBeVisible()
  await expect(mine.getByText('已答复', { exact: true })).toBeVisible()
})

test('what the court’s own system brings is there for those whom it names', async ({ as }) => {
  const folder = process.env.WEITING_FOLDER!
  const weiting = (...args: string[]) => execFileSync(process.env.WEITING_BIN!, args)
  const file = path.join(folder, 'cases.xlsx')
  writeFileSync(file, weiting('import', '--example', 'xlsx'))
  for (let i = 0; i < 2; i += 1) weiting('import', file, '--dir', path.join(folder, 'court'))
  const page = await as({ phone: '19800000005', name: '郑涛' })
  await page.goto('/cases')
  await expect(page.getByText('(2026)沪0113民初20001号')).toBeVisible()
  await expect(page.getByText('(2026)沪0113民初20002号')).toBeVisible()
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: '独任审判员', exact: true }).click()
  await expect(page.getByText('(2026)沪0113民初20001号')).toHaveCount(0)
  await rows(page).first().getByRole('link').click()
  await expect(page.getByRole('heading', { name: '诉讼参与人' })).toBeVisible()
  await expect(page.getByText('赵亮').first()).toBeVisible()
})
