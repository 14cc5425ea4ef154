// Every state of every page, in light and dark and in every size of type: nothing that axe finds, nothing that sticks out sideways.
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { act, acceptNotice, readAll, roomOf, sayFile, schedule } from './support/court'
import { photo } from './support/media'
import { LOAN, SALE, askCode, assessor, defendantAgent, judge, lender, mediator, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

test('login, and a code on its way', async ({ stranger }, info) => {
  const page = await stranger()
  await page.goto('/login')
  await expect(page.getByRole('heading', { name: '手机号登录' })).toBeVisible()
  await good(page)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await expect(page.getByText('请输入 11 位手机号')).toBeVisible()
  await good(page)
  const nobody = info.project.name === 'phone' ? '16611111111' : '16611111112'
  await askCode(nobody)
  await page.getByLabel('手机号', { exact: true }).fill(nobody)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await expect(page.getByText(`验证码已发送至 ${nobody}`)).toBeVisible({ timeout: 30_000 })
  await good(page)
})

test('capacity', async ({ as }) => {
  const page = await as(defendantAgent)
  await page.goto('/capacity')
  await expect(page.getByRole('heading', { name: '请选择本次使用的身份' })).toBeVisible()
  await good(page)
})

test('home, messages, cases, a case, me, guide, nothing there', async ({ as }) => {
  test.slow()
  const page = await as(plaintiffAgent)
  await page.goto('/')
  await expect(page.getByRole('link', { name: /进入微法庭|查看/ }).first()).toBeVisible()
  await good(page)
  await page.getByRole('searchbox').fill('不存在的案件')
  await expect(page.getByText('没有找到与“不存在的案件”有关的案件或微法庭')).toBeVisible()
  await good(page)
  await page.goto('/messages')
  await expect(page.getByText(SALE).first()).toBeVisible()
  await good(page)
  await page.goto('/cases')
  await expect(page.getByText(SALE).first()).toBeVisible()
  await good(page)
  await page.goto(`/cases/${(await roomOf(page, SALE)).case.id}`)
  await expect(page.getByRole('heading', { name: '诉讼参与人' })).toBeVisible()
  await good(page)
  await page.goto('/me')
  await expect(page.getByText('退出登录')).toBeVisible()
  await good(page)
  await page.getByRole('button', { name: '退出登录' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await good(page)
  await page.goto('/guide')
  await expect(page.getByRole('heading', { name: '操作指南' })).toBeVisible()
  await good(page)
  await page.goto('/nowhere')
  await expect(page.getByRole('heading', { name: '页面不存在' })).toBeVisible()
  await good(page)
})

test('scheduling', async ({ as }) => {
  const page = await as(judge)
  await page.goto('/schedule')
  await expect(page.getByText('请选择要排期的案件')).toBeVisible()
  await good(page)
  await page.goto(`/cases/${(await roomOf(page, SALE)).case.id}/schedule`)
  await page.getByRole('button', { name: '确认排期' }).click()
  await expect(page.getByText('请选择种类')).toBeVisible()
  await good(page)
})

test('before the hour, and the entry notice', async ({ as }) => {
  const early = await as(lender)
  await early.goto(`/rooms/${(await roomOf(early, LOAN)).id}`)
  await expect(early.getByText('当前未到微法庭启动时间')).toBeVisible()
  await good(early)
  const page = await as(assessor)
  await page.goto(`/rooms/${(await fresh(page)).id}`)
  await expect(page.getByRole('heading', { name: '进入微法庭须知' })).toBeVisible()
  await page.getByRole('button', { name: '同意并进入' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await good(page)

  /** A room whose notice this person has not accepted. */
  async function fresh(visitor: Page): Promise<{ id: string }> {
    const own = await roomOf(visitor, SALE)
    const view = (await (await visitor.request.get(`/api/rooms/${own.id}`)).json()) as { gate: unknown }
    if (view.gate) return own
    const bench = await as(judge)
    return { id: await schedule(bench, own.case.id, Date.now() - 1000, Date.now() + 3_600_000) }
  }
})

test('a room: talk, "+" panel, members, a member, the receipt, the photo, the voice', async ({ as }, info) => {
  test.slow()
  const page = await as(plaintiffAgent)
  const { id } = await roomOf(page, SALE)
  const picture = photo(`证据照片-${info.project.name}.jpg`, 1200, 1600)
  await sayFile(page, id, 'speech.photo', picture)
  await readAll(page, id)
  await page.goto(`/rooms/${id}`)
  await expect(page.getByRole('button', { name: `查看照片，${picture.name}` })).toBeVisible()
  await good(page)
  const phone = info.project.name === 'phone'
  if (phone) {
    await page.getByRole('button', { name: '更多功能' }).click()
    await expect(page.getByRole('group', { name: '更多功能' })).toBeVisible()
    await good(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '成员', exact: true }).click()
    await expect(page.getByRole('dialog', { name: '成员' })).toBeVisible()
    await good(page)
  }
  await page.getByRole('button', { name: /周明远/ }).click()
  await expect(page.getByRole('dialog', { name: '成员信息' })).toBeVisible()
  await good(page)
  await page.keyboard.press('Escape')
  if (phone) await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '已存证' }).last().click()
  await expect(page.getByRole('dialog', { name: '存证信息' })).toBeVisible()
  await good(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: `查看照片，${picture.name}` }).click()
  await expect(page.locator('.pswp img').first()).toBeVisible()
  await page.waitForTimeout(400)
  await good(page)
  await page.keyboard.press('Escape')
  await expect(page.locator('.pswp')).toHaveCount(0)
  await page.getByRole('button', { name: phone ? '录制语音' : '语音' }).click()
  await expect(page.getByText(/正在录音 0:0[1-9]/)).toBeVisible()
  await good(page)
  await page.getByRole('button', { name: '停止录音' }).click()
  await expect(page.getByRole('button', { name: '试听' })).toBeVisible()
  await good(page)
})

test('what the judge does, and a closed room', async ({ as }, info) => {
  test.slow()
  const bench = await as(judge)
  const guest = await as(mediator)
  const { case: kase } = await roomOf(bench, SALE)
  const id = await schedule(bench, kase.id, Date.now() - 1000, Date.now() + 3_600_000)
  await bench.goto(`/rooms/${id}`)
  const phone = info.project.name === 'phone'
  const menu = async (deed: string) => {
    if (phone) await bench.getByRole('button', { name: '更多操作' }).click()
    await bench.getByRole('button', { name: deed }).first().click()
  }
  await expect(bench.getByRole('button', { name: phone ? '更多操作' : '启动异步审理' }).first()).toBeVisible()
  await good(bench)
  await menu('调整排期')
  await expect(bench.getByRole('dialog', { name: '调整排期' })).toBeVisible()
  await bench.getByRole('dialog', { name: '调整排期' }).getByRole('button', { name: '调整排期' }).click()
  await good(bench)
  await bench.keyboard.press('Escape')
  await act(bench, id, { kind: 'sitting.open' })
  await act(bench, id, { kind: 'speech.text', text: '今天先到这里。' })
  await act(bench, id, { kind: 'sitting.close' })
  await acceptNotice(guest, id)
  await guest.goto(`/rooms/${id}`)
  await expect(guest.getByText('今天先到这里。')).toBeVisible()
  await expect(guest.getByText(/法官已关闭异步审理/)).toBeVisible()
  await good(guest)
})

test('a page that cannot be loaded, and one without a network', async ({ as }) => {
  const page = await as(plaintiffAgent)
  await page.route('**/api/rooms', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable","detail":"服务暂时不可用。"}' }))
  await page.goto('/messages')
  await expect(page.getByText('没有加载成功')).toBeVisible()
  await good(page)
  await page.unroute('**/api/rooms')
  await page.getByRole('button', { name: '重试' }).click()
  await expect(page.getByText(SALE).first()).toBeVisible()
  await page.context().setOffline(true)
  await expect(page.getByText('网络已断开，恢复后会自动更新')).toBeVisible()
  await good(page)
})
