// What people do who do not know the app: press twice, write too much, go back, come by a link, stay away too long.
import { acceptNotice, act, readAll, roomOf, schedule } from './support/court'
import { LOAN, SALE, borrower, clerk, judge, lender, logIn, mediator, plaintiffAgent } from './support/people'
import { DESK, expect, test } from './support/test'

const field = '输入消息'

test('very long words stay within the screen, and 10,000 characters are the end', async ({ as }) => {
  const page = await as(plaintiffAgent)
  const { id } = await roomOf(page, SALE)
  await page.goto(`/rooms/${id}`)
  await page.getByRole('textbox', { name: field }).fill(`https://example.cn/${'a'.repeat(900)}`)
  await page.getByRole('button', { name: '发送', exact: true }).dblclick()
  await expect(page.getByRole('article').filter({ hasText: 'https://example.cn/' })).toHaveCount(1)
  await expect(page.getByRole('article').filter({ hasText: 'https://example.cn/' })).toContainText('已存证')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)

  await page.getByRole('textbox', { name: field }).fill('字'.repeat(10_001))
  await expect(page.getByText('超出 1 字，请分成几条发送')).toBeVisible()
  await expect(page.getByRole('button', { name: '发送', exact: true })).toBeDisabled()
  await page.getByRole('textbox', { name: field }).fill('𠮷'.repeat(10_000))
  await expect(page.getByText('还可以输入 0 字')).toBeVisible()
  await page.getByRole('button', { name: '发送', exact: true }).click()
  await expect(page.getByRole('article').filter({ hasText: '𠮷𠮷' })).toContainText('已存证')
  // Blank is nothing.
  await page.getByRole('textbox', { name: field }).fill('   \n ')
  await expect(page.getByRole('button', { name: '发送', exact: true })).toHaveCount(0)
})

test('a draft is there after going away and coming back', async ({ as }) => {
  const page = await as(plaintiffAgent)
  const { id } = await roomOf(page, SALE)
  await page.goto('/messages')
  await page.getByRole('link', { name: new RegExp(SALE.replace(/[()]/g, '\\$&')) }).first().click()
  await page.getByRole('textbox', { name: field }).fill('还没写完')
  await page.getByRole('button', { name: '返回' }).click()
  await expect(page).toHaveURL(/\/messages/)
  await page.goForward()
  await expect(page.getByRole('textbox', { name: field })).toHaveValue('还没写完')
  await page.reload()
  await expect(page.getByRole('textbox', { name: field })).toHaveValue('还没写完')
  await page.getByRole('textbox', { name: field }).fill('')
  await page.goto(`/rooms/${id}`)
  // Without a page before it, back leads to the list.
  await page.getByRole('button', { name: '返回' }).click()
  await expect(page).toHaveURL(/\/(messages|rooms\/.*)$/)
})

test('a link into a room leads there after login; an ended session leads to login and back', async ({ stranger, as }) => {
  const insider = await as(lender)
  const { id } = await roomOf(insider, LOAN)
  const page = await stranger()
  await page.goto(`/rooms/${id}`)
  await expect(page).toHaveURL(/\/login\?back=/)
  await logIn(page, borrower)
  await expect(page).toHaveURL(new RegExp(`/rooms/${id}$`))
  await expect(page.getByText('当前未到微法庭启动时间')).toBeVisible()

  // The session ends elsewhere: the page does not stay behind as if nothing had happened.
  await page.goto('/')
  await expect(page.getByText(LOAN).first()).toBeVisible()
  const gone = await page.request.post('/api/logout', { data: {}, headers: { Origin: process.env.WEITING_URL! } })
  expect(gone.status()).toBe(204)
  // Unless it has noticed by itself before the press.
  await page.getByRole('link', { name: '消息' }).first().click({ timeout: 3_000 }).catch(() => undefined)
  await expect(page).toHaveURL(/\/login/)
})

test('a room whose session ends while it is open leads to login', async ({ stranger, as }) => {
  const insider = await as(plaintiffAgent)
  const { id } = await roomOf(insider, SALE)
  // Nobody else logs in with this number, so that ending its session ends nobody's test.
  const page = await stranger()
  await page.goto(`/rooms/${id}`)
  await logIn(page, clerk)
  await expect(page.getByRole('textbox', { name: field })).toBeVisible()
  const gone = await page.request.post('/api/logout', { data: {}, headers: { Origin: process.env.WEITING_URL! } })
  expect(gone.status()).toBe(204)
  await expect(page).toHaveURL(/\/login\?back=/, { timeout: 20_000 })
})

test('pressing 排期 twice makes one sitting, and a wrong form says what is wrong', async ({ as }) => {
  const page = await as(judge, DESK)
  const { case: kase } = await roomOf(page, LOAN)
  const before = ((await (await page.request.get('/api/rooms')).json()) as unknown[]).length
  await page.goto(`/cases/${kase.id}/schedule`)
  await page.getByRole('button', { name: '确认排期' }).click()
  for (const fault of ['请选择种类', '请选择开始时间', '请选择结束时间', '请至少选择一名']) await expect(page.getByText(fault).first()).toBeVisible()
  // 庭审 is refused, with the reason.
  await page.getByRole('radio', { name: /庭审/ }).check()
  await page.getByRole('button', { name: /尽快/ }).click()
  await page.getByRole('button', { name: '2 小时' }).click()
  await page.getByRole('checkbox', { name: '全选当事人' }).check()
  await page.getByRole('button', { name: '确认排期' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '确认排期' }).click()
  await expect(page.getByText(/庭审.*视频|视频.*庭审/).last()).toBeVisible()
  await page.getByRole('radio', { name: /调解/ }).check()
  await page.getByRole('button', { name: '确认排期' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '确认排期' }).dblclick()
  await expect(page).toHaveURL(/\/rooms\//)
  expect(((await (await page.request.get('/api/rooms')).json()) as unknown[]).length).toBe(before + 1)
})

test('a long talk opens at its end, is read back to its beginning, and does not pull the reader down', async ({ as }) => {
  const bench = await as(judge)
  const { case: kase } = await roomOf(bench, SALE)
  const id = await schedule(bench, kase.id, Date.now() - 1000, Date.now() + 3_600_000)
  await act(bench, id, { kind: 'sitting.open' })
  for (let i = 1; i <= 120; i += 1) await act(bench, id, { kind: 'speech.text', text: `第 ${i} 句。${'内容'.repeat((i * 7) % 60)}` })
  const page = await as(mediator)
  await acceptNotice(page, id)
  await readAll(page, id)
  await page.goto(`/rooms/${id}`)
  await expect(page.getByText('第 120 句。')).toBeInViewport()
  const list = page.getByRole('region', { name: '微法庭消息' })
  await list.focus()
  await page.keyboard.press('Home')
  await expect(page.getByText('第 1 句。')).toBeVisible()
  expect(await list.locator('article').count()).toBeLessThan(60)
  // Something new is announced, not scrolled to.
  await act(bench, id, { kind: 'speech.text', text: '第 121 句。' })
  await expect(page.getByRole('button', { name: '1 条新消息' })).toBeVisible()
  await expect(page.getByText('第 1 句。')).toBeVisible()
  await page.getByRole('button', { name: '1 条新消息' }).click()
  await expect(page.getByText('第 121 句。')).toBeInViewport()
  await act(bench, id, { kind: 'sitting.close' })
})
