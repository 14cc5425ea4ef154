// The "+" panel: what this capacity may do now and nothing else, and the location that is sent from it.
import type { Page, TestInfo } from '@playwright/test'
import { good } from './support/axe'
import { openRoom } from './support/court'
import { SALE, judge, mediator, plaintiff } from './support/people'
import { expect, test } from './support/test'

const onPhone = (info: TestInfo) => info.project.name === 'phone'

/** Opens the panel of a phone; at a desk the tools stand open. */
async function tools(page: Page, info: TestInfo) {
  const group = page.getByRole('group', { name: onPhone(info) ? '更多功能' : '发送工具' })
  if (onPhone(info) && !(await group.isVisible())) await page.getByRole('button', { name: '更多功能' }).click()
  await expect(group).toBeVisible()
  return group
}

test('each capacity is offered what it may do, and no button is dead', async ({ as }, info) => {
  const [bench, mine] = [await as(judge), await as(plaintiff)]
  const id = await openRoom(bench, SALE, [mine])
  await mine.goto(`/rooms/${id}`)
  await expect((await tools(mine, info)).getByRole('button')).toHaveText(
    onPhone(info) ? ['相册', '拍照', '录像', '文件', '卷宗', '联系各方', '发送位置', '案件详情'] : ['相册', '文件', '语音', '卷宗', '发送位置', '案件详情'],
  )
  await good(mine)
  await bench.goto(`/rooms/${id}`)
  const offered = await (await tools(bench, info)).getByRole('button').allInnerTexts()
  if (onPhone(info)) expect(offered).toEqual(['相册', '拍照', '录像', '文件', '发布事项', '卷宗', '虚拟电话', '联系各方', '发送位置', '案件详情', '关闭审理', '调整排期', '结束微法庭'])
  for (const name of offered.filter((one) => one !== '案件详情' && one !== '语音')) {
    const button = (await tools(bench, info)).getByRole('button', { name, exact: true })
    if (['相册', '拍照', '录像', '文件'].includes(name)) {
      const chooser = bench.waitForEvent('filechooser')
      await button.click()
      await chooser
    } else {
      await button.click()
      await expect(bench.getByRole('dialog').first(), name).toBeVisible()
      await bench.keyboard.press('Escape')
      await expect(bench.locator('dialog[open]')).toHaveCount(0)
    }
  }
  await (await tools(bench, info)).getByRole('button', { name: '案件详情' }).click()
  await expect(bench).toHaveURL(/\/cases\//)
})

test('a location is sent once, after a tick of one’s own, and opens in maps by a press only', async ({ as }, info) => {
  const [bench, mine, other] = [await as(judge), await as(plaintiff), await as(mediator)]
  const id = await openRoom(bench, SALE, [mine, other])
  const asked: string[] = []
  mine.on('request', (request) => void (/amap|baidu|qq\.com/.test(request.url()) && asked.push(request.url())))
  await mine.goto(`/rooms/${id}`)
  await (await tools(mine, info)).getByRole('button', { name: '发送位置' }).click()
  const sheet = mine.getByRole('dialog', { name: '发送位置' })
  await expect(sheet).toContainText('24 小时内可以看到')
  await expect(sheet).toContainText('只有审判组织可以看到')

  await test.step('without the permission it says what to do', async () => {
    await sheet.getByRole('button', { name: '获取当前位置' }).click()
    await expect(sheet.getByRole('alert')).toContainText('请在浏览器或手机的设置中允许')
    await good(mine)
  })

  await test.step('nothing is ticked beforehand, and without the tick nothing is sent', async () => {
    await mine.context().grantPermissions(['geolocation'])
    await mine.context().setGeolocation({ latitude: 31.400321, longitude: 121.489612, accuracy: 15 })
    await sheet.getByRole('button', { name: '重新定位' }).click()
    await expect(sheet).toContainText('北纬 31.400321°')
    await expect(sheet).toContainText('误差约 15 米')
    await expect(sheet.getByRole('checkbox')).not.toBeChecked()
    await sheet.getByRole('button', { name: '确认发送' }).click()
    await expect(sheet.getByRole('alert')).toHaveText('请先勾选同意，再发送位置。')
    await good(mine)
  })

  await test.step('sent, it is a card with the numbers for everybody', async () => {
    await sheet.getByLabel('地址说明').fill('宝山区人民法院南门')
    await sheet.getByRole('checkbox', { name: /我同意/ }).check()
    await sheet.getByRole('button', { name: '确认发送' }).click()
    await expect(sheet).toHaveCount(0)
    await other.goto(`/rooms/${id}`)
    for (const page of [mine, other]) {
      const card = page.getByRole('article').filter({ hasText: '宝山区人民法院南门' })
      await expect(card).toContainText('东经 121.489612°')
      await expect(card).toContainText('全体成员可见至')
      await expect(card.getByRole('link', { name: '高德' })).toHaveAttribute('href', /position=121\.489612,31\.400321.*coordinate=wgs84/)
      await expect(card.getByRole('link', { name: '百度' })).toHaveAttribute('href', /location=31\.400321,121\.489612.*coord_type=wgs84/)
      await expect(card.getByRole('link', { name: '腾讯' })).toHaveAttribute('href', /coord:31\.400321,121\.489612.*coord_type=1/)
    }
    await good(mine)
    expect(asked, 'no map is asked before somebody presses').toEqual([])
  })

  await test.step('an open page does not show it longer than its time either', async () => {
    await other.route(`**/api/rooms/${id}/acts?*`, async (route) => {
      const response = await route.fetch()
      const acts = (await response.json()) as { shown_until?: string }[]
      for (const one of acts) if (one.shown_until) one.shown_until = new Date(Date.now() - 1000).toISOString()
      await route.fulfill({ response, json: acts })
    })
    await other.reload()
    await expect(other.getByText('位置已超过 24 小时，仅审判组织可见')).toBeVisible()
    await expect(other.getByText('宝山区人民法院南门')).toHaveCount(0)
    await good(other)
  })
})
