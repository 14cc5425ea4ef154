// 查找消息记录: by words, by member, on the calendar, on the wall; a hit opens the room at its place; nobody finds what is not for them.
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { act, acceptNotice, roomOf, sayFile, schedule } from './support/court'
import { photo } from './support/media'
import { SALE, defendantAgent, judge, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

interface Talk {
  id: string
  /** The agent of the plaintiff, of whom most of it is. */
  page: Page
  /** The agent of the defendant. */
  other: Page
}

/** A room of its own with a long talk: what is looked for stands far above its end. */
async function talk(as: (person: typeof judge) => Promise<Page>, name: string): Promise<Talk> {
  const [bench, page, other] = [await as(judge), await as(plaintiffAgent), await as(defendantAgent)]
  const { case: kase } = await roomOf(bench, SALE)
  const id = await schedule(bench, kase.id, Date.now() - 1000, Date.now() + 3_600_000)
  await act(bench, id, { kind: 'sitting.open' })
  for (const guest of [page, other]) await acceptNotice(guest, id)
  await act(page, id, { kind: 'speech.text', text: '我方提交《借条》原件，合同编号ＩＮＶ－２０２６。' })
  await sayFile(page, id, 'speech.photo', photo(`验收现场-${name}.jpg`, 800, 600))
  const view = (await (await page.request.get(`/api/rooms/${id}`)).json()) as { members: { id: string; name: string }[] }
  const to = { members: view.members.filter((one) => one.name === judge.name).map((one) => one.id) }
  await act(page, id, { kind: 'speech.text', text: '底线是八万元，请勿告知对方。', to })
  for (let turn = 1; turn <= 40; turn += 1) await act(other, id, { kind: 'speech.text', text: `第 ${turn} 次核对数量。` })
  return { id, page, other }
}

const box = (page: Page) => page.getByRole('searchbox', { name: '输入要查找的文字' })
const results = (page: Page) => page.getByRole('list', { name: '查找结果' }).getByRole('listitem')

test('a word of one character, in any width, is found, marked, and leads to its place in the room', async ({ as }, info) => {
  test.slow()
  const { id, page } = await talk(as, `词-${info.project.name}`)
  await page.goto(`/rooms/${id}`)
  await page.getByRole('link', { name: '查找消息记录' }).click()
  await expect(page.getByRole('heading', { name: '查找消息记录' })).toBeVisible()
  // Everything at first, the newest on top.
  await expect(page.getByRole('button', { name: '所有记录' })).toHaveAttribute('aria-pressed', 'true')
  await expect(results(page).first()).toContainText('第 40 次核对数量。')
  await expect(page.getByRole('status').filter({ hasText: '还有更早的记录' })).toBeAttached()
  await good(page)

  await box(page).fill('借')
  await expect(results(page)).toHaveCount(1)
  await expect(page.locator('mark')).toHaveText(['借'])
  await expect(page.getByRole('status').filter({ hasText: '找到 1 条' })).toBeAttached()
  await box(page).fill('inv-2026 借条')
  await expect(page.locator('mark')).toHaveText(['借条', 'ＩＮＶ－２０２６'])
  await good(page)
  // Words stay out of the address, where they would be kept.
  expect(page.url()).not.toContain('inv')

  await results(page).getByRole('link').press('Enter')
  const there = page.locator('[aria-current=true]').filter({ hasText: '我方提交《借条》原件' })
  await expect(there).toBeInViewport()
  await expect(page.getByRole('article').filter({ hasText: '第 40 次核对数量。' })).toHaveCount(0)
  await expect(there).toHaveCount(0)

  // The way back leads to the list as it was.
  await page.goBack()
  await expect(box(page)).toHaveValue('inv-2026 借条')
  await expect(results(page)).toHaveCount(1)
  await box(page).fill('这句话没有人说过')
  await expect(page.getByText('没有找到符合条件的消息').last()).toBeVisible()
  await good(page)
  await page.locator('.found').getByRole('button', { name: '所有记录' }).click()
  await expect(results(page).first()).toContainText('第 40 次核对数量。')
})

test('by member, photos and videos as a wall, and on to the oldest', async ({ as }, info) => {
  test.slow()
  const { id, page } = await talk(as, `墙-${info.project.name}`)
  await page.goto(`/rooms/${id}/search`)
  await page.getByRole('button', { name: '按成员' }).click()
  const sheet = page.getByRole('dialog', { name: '按成员' })
  await expect(sheet.getByRole('button', { name: /陈立/ })).toBeVisible()
  await good(page)
  await sheet.getByRole('button', { name: /陈立/ }).click()
  await expect(page.getByRole('button', { name: '成员：陈立' })).toHaveAttribute('aria-pressed', 'true')
  // The notice, the words, the photo, the private message.
  await expect(results(page)).toHaveCount(4)
  await expect(results(page).filter({ hasText: '底线是八万元' })).toContainText('私信')
  await box(page).fill('验收')
  await expect(results(page)).toHaveCount(1)

  await box(page).fill('')
  await page.getByRole('button', { name: '图片和视频' }).click()
  const tile = page.getByRole('link', { name: /^图片 验收现场/ })
  await expect(tile).toHaveCount(1)
  await expect.poll(() => tile.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  await good(page)
  await tile.click()
  await expect(page.locator('[aria-current=true]').getByRole('button', { name: /^查看照片/ })).toBeInViewport()
  await page.goBack()
  await page.getByRole('button', { name: '所有记录' }).click()
  await expect(page.getByText('已显示')).toBeAttached()
  const more = page.getByRole('button', { name: '查看更早的记录' })
  await more.or(page.getByText('没有更早的记录了')).first().scrollIntoViewIfNeeded()
  await expect(page.getByText('没有更早的记录了')).toBeVisible()
  await expect(results(page).last()).toContainText('安排谈话')
})

test('on the calendar only days with messages can be pressed', async ({ as }, info) => {
  test.slow()
  const { id, page } = await talk(as, `日-${info.project.name}`)
  const days = (await (await page.request.get(`/api/rooms/${id}/days`)).json()) as { date: string; acts: number }[]
  const { date, acts } = days.at(-1)!
  const [year, month, day] = date.split('-').map(Number)
  await page.goto(`/rooms/${id}/search`)
  await page.getByRole('button', { name: '按日期' }).click()
  await expect(page.getByRole('heading', { name: '按日期查找' })).toBeVisible()
  const today = page.getByRole('button', { name: `${year}年${month}月${day}日，${acts} 条消息` })
  await expect(today).toContainText(`${acts} 条`)
  await expect(page.locator('.day:enabled')).toHaveCount(days.length)
  await expect(page.getByRole('button', { name: '查看当日消息' })).toBeDisabled()
  await good(page)
  await today.press('Enter')
  await expect(today).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText(`共 ${acts} 条消息`)).toBeVisible()
  await good(page)
  await page.getByRole('button', { name: '查看当日消息' }).click()
  await expect(page.getByRole('button', { name: `日期：${year}年${month}月${day}日` })).toHaveAttribute('aria-pressed', 'true')
  await expect(results(page).first()).toContainText('第 40 次核对数量。')
  await box(page).fill('数量')
  await expect(page.locator('mark').first()).toHaveText('数量')
})

test('what was said to somebody else is found by nobody else, and a failed search can be tried again', async ({ as }, info) => {
  test.slow()
  const { id, page, other } = await talk(as, `私-${info.project.name}`)
  const count = async (of: Page) => ((await (await of.request.get(`/api/rooms/${id}/days`)).json()) as { acts: number }[]).reduce((sum, one) => sum + one.acts, 0)
  expect(await count(page)).toBe((await count(other)) + 1)
  await other.goto(`/rooms/${id}/search`)
  await box(other).fill('底线')
  await expect(other.getByText('没有找到符合条件的消息').last()).toBeVisible()
  await box(other).fill('核对 40')
  await expect(results(other)).toHaveCount(1)

  await page.route('**/api/rooms/*/search*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"search_not_ready","detail":"消息记录正在整理，暂时不能查找，请稍候片刻再试。"}' }))
  await page.goto(`/rooms/${id}/search`)
  await expect(page.getByText('消息记录正在整理')).toBeVisible()
  await good(page)
  await page.unroute('**/api/rooms/*/search*')
  await page.getByRole('button', { name: '重试' }).click()
  await box(page).fill('底线')
  await expect(results(page)).toHaveCount(1)
})
