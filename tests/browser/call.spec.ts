// 虚拟电话: the judge at a desk, a party's agent with the app in one hand and a telephone in the other.
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { act, readAll, roomOf } from './support/court'
import { SALE, defendantAgent, judge, mediator, plaintiffAgent } from './support/people'
import { DESK, PHONE, expect, test } from './support/test'

/** The simulated telephone of a person. */
const handset = (phone: string) => `${new URL(process.env.WEITING_INBOX!).origin}/handset?phone=${phone}`
const card = (page: Page) => page.getByRole('region', { name: '虚拟电话' })
const result = (page: Page, text: string) => page.getByRole('article').filter({ hasText: `虚拟电话 · ${plaintiffAgent.name} · ${text}` })

/** What axe finds in this part of a page. */
async function found(page: Page, part: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async (part) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(part)
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)
  }, part)
}

/** Begins a call from the member's sheet; the code that the callee must hear. */
async function ring(page: Page): Promise<string> {
  await page.getByRole('complementary', { name: '成员' }).getByRole('button', { name: new RegExp(plaintiffAgent.name) }).click()
  const sheet = page.getByRole('dialog', { name: '成员信息' })
  await sheet.getByRole('button', { name: '打电话' }).click()
  const confirm = page.getByRole('dialog', { name: '虚拟电话' })
  await expect(confirm).toContainText(`${plaintiffAgent.name}会先在微法庭看到四位验证码`)
  await confirm.getByRole('button', { name: '呼叫', exact: true }).click()
  await expect(confirm).toBeHidden()
  await expect(card(page).getByRole('link', { name: /拨打 021 \d{4} \d{4}/ })).toBeVisible()
  return (await card(page).locator('.code [aria-hidden]').textContent())!
}

test('the judge calls, the callee reads the code first, and what became of it is an act', async ({ as, stranger }) => {
  const desk = await as(judge, DESK)
  const app = await as(plaintiffAgent, PHONE)
  const other = await as(mediator, PHONE)
  const room = await roomOf(desk, SALE)
  await readAll(app, room.id)
  await desk.goto(`/rooms/${room.id}`)
  await app.goto(`/rooms/${room.id}`)
  const code = await ring(desk)
  expect(code).toMatch(/^\d{4}$/)

  // The callee knows what to listen for before anything rings, and sees no number to call back.
  await expect(card(app)).toContainText('法官将用 021 开头的号码来电')
  await expect(card(app).locator('.code [aria-hidden]')).toHaveText(code)
  await expect(card(app).getByRole('status')).toHaveText('等待来电')
  await expect(card(app).getByRole('link')).toHaveCount(0)
  expect(await found(app, 'section.call')).toEqual([])

  // The judge dials the number of the card on a telephone of the judge's own.
  const number = (await card(desk).getByRole('link').getAttribute('href'))!.replace('tel:', '')
  const own = await stranger(PHONE)
  await own.goto(handset(judge.phone))
  await own.getByLabel('拨号').fill(number)
  const theirs = await stranger(PHONE)
  await theirs.goto(handset(plaintiffAgent.phone))
  await own.getByRole('button', { name: '拨打' }).click()
  await expect(theirs.getByRole('button', { name: '接听' })).toBeVisible()
  await expect(theirs.locator('#number')).toHaveText(number.replace(/^(021)(\d{4})(\d{4})$/, '$1 $2 $3'))
  await expect(card(app).getByRole('status')).toHaveText('正在响铃')
  for (const page of [own, theirs]) expect(await found(page, 'html')).toEqual([])
  await theirs.getByRole('button', { name: '接听' }).click()
  await expect(card(desk).getByRole('status')).toHaveText('通话中')
  await theirs.getByRole('button', { name: '挂断' }).click()
  for (const page of [desk, app]) {
    await expect(card(page)).toBeHidden()
    await page.getByRole('region', { name: '微法庭消息' }).press('End')
    await expect(result(page, '已接听')).toContainText('通话 00:0')
  }
  await expect(own.locator('#state')).toHaveText('通话结束')

  // A second one, which the callee refuses.
  expect(await ring(desk)).toMatch(/^\d{4}$/)
  await own.getByLabel('拨号').fill((await card(desk).getByRole('link').getAttribute('href'))!.replace('tel:', ''))
  await own.getByRole('button', { name: '拨打' }).click()
  await theirs.getByRole('button', { name: '拒接' }).click()
  await app.getByRole('region', { name: '微法庭消息' }).press('End')
  await expect(result(app, '已拒接')).toBeVisible()
  await expect(theirs.locator('#state')).toHaveText('已拒接')

  // Nobody else knows of any of it, and nobody's own number was ever on a page of the app.
  await expect.poll(async () => (await other.request.get(`/api/rooms/${room.id}`)).status()).toBe(200)
  const theirActs = await (await other.request.get(`/api/rooms/${room.id}/acts?limit=200`)).text()
  expect(theirActs).not.toContain('call.')
  for (const page of [desk, app]) {
    const seen = (await page.content()) + (await (await page.request.get(`/api/rooms/${room.id}/acts?limit=200`)).text())
    for (const one of [judge, plaintiffAgent]) expect(seen).not.toContain(one.phone)
  }
  // The room goes on.
  await act(desk, room.id, { kind: 'speech.text', text: '电话已经打过，请继续在微法庭中发言。' })
})

test('on a phone the judge chooses whom to call, and gives up before anybody answers', async ({ as, stranger }) => {
  const app = await as(judge, PHONE)
  const room = await roomOf(app, SALE)
  await readAll(app, room.id)
  await app.goto(`/rooms/${room.id}`)
  await app.getByRole('button', { name: '更多功能' }).click()
  await app.getByRole('group', { name: '更多功能' }).getByRole('button', { name: '虚拟电话', exact: true }).click()
  const sheet = app.getByRole('dialog', { name: '虚拟电话' })
  await expect(sheet.getByRole('button', { name: '呼叫', exact: true })).toBeDisabled()
  // Parties and agents, and nobody of the bench.
  await expect(sheet.getByRole('radio')).toHaveCount(4)
  await sheet.getByRole('radio', { name: new RegExp(plaintiffAgent.name) }).check()
  expect(await found(app, 'dialog')).toEqual([])
  await sheet.getByRole('button', { name: '呼叫', exact: true }).click()
  const number = (await card(app).getByRole('link', { name: /拨打/ }).getAttribute('href'))!.replace('tel:', '')
  // One call at a time. The panel is still open.
  await app.getByRole('group', { name: '更多功能' }).getByRole('button', { name: '虚拟电话', exact: true }).click()
  await sheet.getByRole('radio', { name: new RegExp(defendantAgent.name) }).check()
  await sheet.getByRole('button', { name: '呼叫', exact: true }).click()
  await expect(sheet).toContainText('有一次通话尚未结束')
  await sheet.getByRole('button', { name: '取消' }).click()
  const own = await stranger(PHONE)
  await own.goto(handset(judge.phone))
  await own.getByLabel('拨号').fill(number)
  await own.getByRole('button', { name: '拨打' }).click()
  await own.getByRole('button', { name: '挂断' }).click()
  await expect(card(app)).toBeHidden()
  await expect(result(app, '未接听')).toBeVisible()
})
