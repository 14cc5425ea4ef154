// 实用工具 without login: compute, look up, assess; every page is clean to axe, and what is wrong is said in a sentence.
import { readFile } from 'node:fs/promises'
import { good } from './support/axe'
import { expect, test } from './support/test'

test('a stranger computes a fee, sees why, shares it, and is told what is wrong with an amount', async ({ page }) => {
  await page.goto('/login')
  await page.getByRole('link', { name: '实用工具' }).click()
  await expect(page.getByRole('heading', { name: '计算工具' })).toBeVisible()
  await good(page)
  await page.getByRole('link', { name: /^案件受理费/ }).click()
  await good(page)
  const amount = page.getByLabel('诉讼请求的金额或者价额')
  const compute = page.getByRole('button', { name: '计算', exact: true })
  await compute.click()
  await expect(page.getByRole('alert')).toContainText('还需要填写')
  await amount.fill('十万')
  await compute.click()
  await expect(page.getByRole('alert')).toContainText('“十万”不是有效金额')
  await expect(amount).toHaveAttribute('aria-invalid', 'true')
  await amount.fill('100000')
  await page.getByLabel('适用简易程序').check()
  // By keyboard alone: Enter in a field computes.
  await amount.press('Enter')
  // 2,300 yuan by the table (诉讼费用交纳办法 13), half of it (16).
  await expect(page.getByText('1,150.00 元')).toBeVisible()
  await expect(page.getByText('《诉讼费用交纳办法》第十六条').first()).toBeVisible()
  await good(page)
  // What is shared brings everything along, in the part of the address that no server sees.
  const link = `/tools/fee-case#in=${encodeURIComponent(JSON.stringify({ amount: '50000' }))}`
  await page.goto('about:blank')
  await page.goto(link)
  await expect(page.getByText('1,050.00 元').first()).toBeVisible()
  await page.getByRole('button', { name: '重置' }).click()
  await expect(page.getByLabel('诉讼请求的金额或者价额')).toHaveValue('')
})

test('the last day of a period goes into a calendar; instalments are a table and a chart', async ({ page }) => {
  await page.goto('/tools/periods')
  const start = page.getByLabel(/开始的日期/)
  // Served on Saturday 8 March 2025: the fifteenth day is a Sunday (民事诉讼法 85).
  await start.fill('2025-03-08')
  await page.getByRole('button', { name: '计算', exact: true }).click()
  await expect(page.getByText('2025年3月24日 星期一').first()).toBeVisible()
  await good(page)
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '加入日历' }).click()])
  expect(file.suggestedFilename()).toMatch(/\.ics$/)
  expect(await readFile(await file.path(), 'utf8')).toContain('DTSTART;VALUE=DATE:20250324')

  await page.goto('/tools/instalments')
  await page.getByLabel('本金').fill('12000')
  await page.getByLabel('年利率').fill('12')
  await page.getByLabel('还款方式').selectOption({ label: '等额本金' })
  await page.getByRole('button', { name: '计算', exact: true }).click()
  await expect(page.getByRole('img', { name: /柱形图/ })).toBeVisible()
  await expect(page.getByRole('cell', { name: '1,120.00' })).toBeVisible()
  await good(page)
  await page.getByLabel('期数（月）').fill('0')
  await page.getByRole('button', { name: '计算', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('期数')
})

test('an assessment asks in rounds, goes back, and ends in a report that is a PDF too', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/tools/risk')
  await page.getByRole('button', { name: /^民间借贷纠纷/ }).click()
  const next = page.getByRole('button', { name: '下一步' })
  await expect(next).toBeDisabled()
  await good(page)
  const index = page.getByRole('heading', { name: '风险指数' })
  const stage = page.getByText(/^第 \d+ 轮/)
  for (let round = 0; round < 15 && !(await index.isVisible()); round += 1) {
    for (const question of await page.locator('fieldset.question').all()) {
      const choice = question.getByRole('radio')
      if (await choice.count()) await choice.first().check()
    }
    const amount = page.locator('input[inputmode=decimal]')
    if (await amount.count()) await amount.first().fill('50000')
    const before = await stage.textContent()
    await next.click()
    await expect.poll(async () => (await index.isVisible()) || (await stage.textContent({ timeout: 500 }).catch(() => '')) !== before).toBe(true)
    if (round === 0) {
      await page.getByRole('button', { name: '上一步' }).click()
      await expect(page.getByRole('radio').first()).toBeChecked()
      await next.click()
      await expect(stage).toContainText('第 2 轮')
    }
  }
  await expect(index).toBeVisible()
  await expect(page.getByText('案件受理费：1,050元')).toBeVisible()
  await good(page)
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), page.getByRole('button', { name: '下载 PDF' }).click()])
  expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-')
})

test('laws, courts, answers, causes, numbers and rules are there for everybody, and nobody leaves without being told where to', async ({ page }) => {
  await page.goto('/laws')
  await expect(page.getByText('尚未收录法规')).toBeVisible()
  await good(page)
  await page.goto('/courts')
  await page.getByLabel('法院、法庭的名称或地址').fill('桥头')
  await expect(page.getByText('共 1 处')).toBeVisible()
  await page.getByRole('button', { name: /在地图中打开/ }).click()
  await page.getByRole('button', { name: '高德地图' }).click()
  await expect(page.getByText('uri.amap.com')).toBeVisible()
  // Amap takes longitude first.
  await expect(page.getByRole('link', { name: '继续前往' })).toHaveAttribute('href', /position=124\.530000,29\.020000&.*coordinate=wgs84/)
  await good(page)
  await page.goto('/ask')
  await page.getByLabel('请输入您的问题').fill('今天天气')
  await expect(page.getByText('没有找到', { exact: true })).toBeVisible()
  await page.getByLabel('请输入您的问题').fill('上诉期多少天')
  await expect(page.getByText('自判决书送达之日起十五日内')).toBeVisible()
  await good(page)
  await page.goto('/tools/causes')
  await page.getByLabel(/拼音首字母/).fill('mjjd')
  await expect(page.getByText('民间借贷纠纷')).toBeVisible()
  await good(page)
  await page.goto('/tools/numbers')
  await page.getByLabel('号码种类').selectOption({ label: '居民身份证号' })
  await page.getByLabel('号码', { exact: true }).fill('123')
  await page.getByRole('button', { name: '计算', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('18位')
  await page.goto('/tools/rules')
  await expect(page.getByText(/共 \d{3} 条规则/)).toBeVisible()
})
