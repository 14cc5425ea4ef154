// 消息: what must be noticed, the one number on all devices, where a tap leads, and what is told outside of the app.
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { act, memberOf, openRoom, readAll } from './support/court'
import { SALE, defendantAgent, judge, mediator, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

const tab = (page: Page) => page.getByRole('tab', { name: /^通知/ })
const isPhone = () => test.info().project.name === 'phone'

/** The list of notifications: behind a tab on a phone and on a small desk. */
async function notifications(page: Page): Promise<void> {
  await page.goto('/messages?tab=notifications')
  await expect(page.getByRole('group', { name: '按类别筛选' })).toBeVisible()
}

/** The number that the tab bar or the rail shows. */
const badge = (page: Page) => page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /^消息/ })

/** Everything of before is off the list, so that the test sees its own alone. */
async function tidy(page: Page): Promise<void> {
  const headers = { Origin: process.env.WEITING_URL! }
  const rooms = (await (await page.request.get('/api/rooms')).json()) as { id: string; head: number }[]
  for (const room of rooms) if (room.head > 0) await page.request.put(`/api/rooms/${room.id}/read`, { data: { seq: room.head }, headers })
  expect((await page.request.put('/api/inbox/cleared', { data: { what: 'all' }, headers })).status()).toBe(200)
}

async function letter(from: Page, room: string, name: string, text: string, more: object = {}): Promise<void> {
  const member = await memberOf(from, room, name)
  await act(from, room, { kind: 'speech.text', text, to: { members: [member] }, ...more })
}

test('what must be noticed comes by itself, a tap opens the room at the act, and two devices agree', async ({ as }) => {
  test.setTimeout(120_000)
  const [bench, mine, second] = [await as(judge), await as(plaintiffAgent), await as(plaintiffAgent)]
  const room = await openRoom(bench, SALE, [mine])
  await readAll(mine, room)
  await tidy(mine)
  await notifications(mine)
  await expect(mine.getByText('没有通知')).toBeVisible()
  await good(mine)
  await second.goto('/')
  await expect(second.getByRole('link', { name: '未读消息', exact: true })).toBeVisible()
  const word = `请核对第 ${randomUUID().slice(0, 4)} 号单据`

  await test.step('a letter and a matter', async () => {
    for (let n = 0; n < 24; n += 1) await act(bench, room, { kind: 'speech.text', text: `说明之 ${n}` })
    await letter(bench, room, plaintiffAgent.name, word)
    for (let n = 0; n < 24; n += 1) await act(bench, room, { kind: 'speech.text', text: `补充之 ${n}` })
    const row = mine.getByRole('link', { name: /新的私信/ })
    await expect(row).toContainText(word)
    await expect(row).toContainText(SALE)
    await expect(tab(mine).or(mine.getByRole('heading', { name: '通知' }))).toBeVisible()
    await good(mine)
    await expect(second.getByRole('link', { name: '未读消息，50 条' })).toBeVisible()
    await second.goto('/messages')
    await expect(badge(second)).toContainText('50 条未读')
  })

  await test.step('one device reads, the other follows without reloading', async () => {
    await mine.getByRole('link', { name: /新的私信/ }).click()
    await expect(mine).toHaveURL(new RegExp(`/rooms/${room}\\?seq=\\d+`))
    await expect(mine.getByRole('article').filter({ hasText: word })).toBeInViewport()
    await readAll(mine, room)
    await expect(badge(second)).not.toContainText('条未读')
    await notifications(mine)
    await expect(mine.getByRole('link', { name: /新的私信/ })).not.toContainText('未读')
  })

  await test.step('a matter opens its sheet', async () => {
    const deadline = new Date(Date.now() + 1_800_000).toISOString()
    await act(bench, room, { kind: 'matter.issue', title: '提交验收单', text: '请提交。', targets: [await memberOf(bench, room, plaintiffAgent.name)], deadline })
    await mine.getByRole('button', { name: /^审判流程消息/ }).click()
    await expect(mine.getByRole('link', { name: /新的私信/ })).toHaveCount(0)
    await mine.getByRole('link', { name: /新的诉讼事项/ }).click()
    await expect(mine.getByRole('dialog', { name: '提交验收单' })).toBeVisible()
  })
})

test('the list is cleared after a question, and comes back', async ({ as }) => {
  const [bench, mine] = [await as(judge), await as(plaintiffAgent)]
  const room = await openRoom(bench, SALE, [mine])
  await tidy(mine)
  await letter(bench, room, plaintiffAgent.name, '请今天内答复')
  await letter(bench, room, plaintiffAgent.name, '请今天内确认')
  await notifications(mine)
  const rows = mine.getByRole('link', { name: /新的私信/ })
  await expect(rows).toHaveCount(2)
  await rows.first().click()
  await expect(mine).toHaveURL(/\/rooms\//)
  await mine.goBack()
  await expect(rows).toHaveCount(2)
  await mine.getByRole('button', { name: '清除已读' }).click()
  const sure = mine.getByRole('dialog', { name: '清除已读' })
  await expect(sure).toContainText('案件记录不受影响')
  await good(mine)
  await sure.getByRole('button', { name: '取消' }).click()
  await expect(rows).toHaveCount(2)
  await mine.getByRole('button', { name: '清除全部' }).click()
  await mine.getByRole('dialog', { name: '清除全部' }).getByRole('button', { name: '清除全部' }).click()
  await expect(mine.getByText('没有通知')).toBeVisible()
  await mine.getByRole('button', { name: '撤销' }).click()
  await expect(rows).toHaveCount(2)
  await expect(mine.getByText('已恢复')).toBeVisible()
})

test('a strong reminder is asked for, never by itself, and its limit is told', async ({ as }) => {
  test.setTimeout(120_000)
  // The limits of a day are a pair's: each device has its own.
  const [bench, mine] = [await as(judge), await as(isPhone() ? defendantAgent : mediator)]
  const room = await openRoom(bench, SALE, [mine])
  await readAll(mine, room)
  await mine.goto(`/rooms/${room}`)
  if (isPhone()) await mine.getByRole('button', { name: '成员', exact: true }).click()
  await mine.locator('.person').filter({ hasText: judge.name }).click()
  await mine.getByRole('dialog', { name: '成员信息' }).getByRole('button', { name: '发私信' }).click()
  const tick = mine.getByRole('checkbox', { name: '短信强提醒' })
  const verdicts = [/已安排短信提醒/, /已安排短信提醒/, /次数已满/]
  for (const [n, verdict] of verdicts.entries()) {
    await expect(tick).not.toBeChecked()
    await tick.check()
    await expect(mine.getByText('对方会收到一条不含内容的短信')).toBeVisible()
    if (n === 0) await good(mine)
    await mine.getByRole('textbox', { name: '输入私信' }).fill(`请法官查看 ${n}`)
    await mine.getByRole('button', { name: '发送私信' }).click()
    await expect(mine.getByRole('article').filter({ hasText: `请法官查看 ${n}` })).toContainText(verdict)
  }
  await expect(tick).not.toBeChecked()
  // What arrives says nothing of it. By night it arrives in the morning.
  const hour = (new Date().getUTCHours() + 8) % 24
  if (hour < 8 || hour >= 21) return
  await expect(async () => {
    const texts = (await (await fetch(`${process.env.WEITING_INBOX}?phone=${judge.phone}`)).json()) as { text: string }[]
    expect(texts.filter((one) => one.text.includes('您有一条新的私信，请登录微法庭查看')).length).toBeGreaterThanOrEqual(2)
    expect(texts.some((one) => one.text.includes('请法官查看'))).toBe(false)
  }).toPass({ timeout: 15_000 })
})

test('subscriptions are kept, and what must be told says why it cannot be switched off', async ({ as }) => {
  const page = await as(plaintiffAgent)
  await page.goto('/me')
  await page.getByRole('link', { name: '消息订阅' }).click()
  await expect(page.getByRole('heading', { name: '消息订阅' })).toBeVisible()
  await good(page)
  const fixed = page.getByRole('checkbox', { name: '短信，开庭时间' })
  await expect(fixed).toBeChecked()
  await expect(fixed).toBeDisabled()
  await expect(page.getByText('所以排期和改期的短信不能关闭')).toBeVisible()
  const choice = page.getByRole('checkbox', { name: '短信，私信' })
  const before = await choice.isChecked()
  await choice.click()
  await expect(page.getByText('已保存')).toBeVisible()
  await page.reload()
  await expect(choice).toBeChecked({ checked: !before })
  await choice.click()
  await expect(page.getByText('已保存')).toBeVisible()
  // Without a worker there is nothing that could be woken; the page says so.
  await expect(page.getByText('这个浏览器不支持推送')).toBeVisible()
})

test('what comes by push shows nothing of the case, once, and a tap leads to the list', async ({ as }) => {
  test.skip(!isPhone(), 'the worker is the same on every device')
  const page = await as(plaintiffAgent, { serviceWorkers: 'allow' })
  const context = page.context()
  await context.grantPermissions(['notifications'], { origin: process.env.WEITING_URL! })
  await page.goto('/')
  await page.evaluate(() => navigator.serviceWorker.ready)
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  const shown = () => worker.evaluate(async () => {
    const scope = self as unknown as { registration: ServiceWorkerRegistration }
    const list = await scope.registration.getNotifications()
    return list.map((one) => ({ title: one.title, body: one.body, data: one.data as string | null }))
  })
  const push = (data: string) => worker.evaluate((data) => void self.dispatchEvent(new (self as unknown as { PushEvent: new (type: string, init: object) => Event }).PushEvent('push', { data })), data)
  const id = randomUUID()
  const neutral = { title: '微庭', body: '您有新的消息，请登录查看' }
  await push(JSON.stringify({ id, category: 'process', text: '案件内容' }))
  await expect.poll(shown).toEqual([{ ...neutral, data: id }])
  await push(JSON.stringify({ id, category: 'process', text: '案件内容' }))
  await push('not what the court sends')
  await expect.poll(shown).toEqual(expect.arrayContaining([{ ...neutral, data: id }, { ...neutral, data: null }]))
  expect((await shown()).length).toBe(2)
  const led = context.waitForEvent('page', { timeout: 5_000 }).catch(() => null)
  await worker.evaluate(async (id) => {
    const scope = self as unknown as { registration: ServiceWorkerRegistration; NotificationEvent: new (type: string, init: object) => Event }
    const one = (await scope.registration.getNotifications()).find((other) => other.data === id)
    self.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification: one }))
  }, id)
  // Without a person's finger a browser may open no window; what was tapped is gone in any case.
  await expect.poll(async () => (await shown()).some((one) => one.data === id)).toBe(false)
  const opened = (await led) ?? page
  if (opened !== page) await expect(opened).toHaveURL(new RegExp(`/messages\\?tab=notifications#n-${id}`))
})
