// The whole way by keyboard alone: log in, enter, accept the notice, speak, look at the members, go back. No pointer is used.
import type { Page } from '@playwright/test'
import { roomOf } from './support/court'
import { SALE, askCode, assessor, codeFor, defendant, keepSession, mediator, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

/** Presses Tab until the wanted thing has the focus, and checks that the focus can be seen. */
async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const wanted = page.getByRole(role, { name }).first()
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press(key)
    if (await wanted.evaluate((one) => one === document.activeElement, undefined, { timeout: 1000 }).catch(() => false)) {
      const outline = await wanted.evaluate((one) => {
        const marked = [one, ...one.querySelectorAll('*'), ...(one.closest('label') ? [one.closest('label')!] : [])]
        return marked.some((each) => getComputedStyle(each).outlineStyle !== 'none' && getComputedStyle(each).outlineWidth !== '0px')
      })
      expect(outline, `the focus on ${String(name)} can be seen`).toBe(true)
      return
    }
  }
  throw new Error(`no Tab leads to ${role} ${String(name)}`)
}

test('from the login page into a room and back', async ({ stranger }, info) => {
  const person = info.project.name === 'phone' ? defendant : assessor
  const page = await stranger()
  const since = await askCode(person.phone)
  await page.goto('/login')
  await expect(page.getByRole('heading', { name: '手机号登录' })).toBeVisible()
  await tabTo(page, 'textbox', '手机号')
  await page.keyboard.type(person.phone)
  // Enter asks for the code, and the focus goes where the code belongs.
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('验证码', { exact: true })).toBeFocused({ timeout: 30_000 })
  await page.keyboard.type(await codeFor(person.phone, since))
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible()
  await keepSession(page, person)

  await tabTo(page, 'link', '进入微法庭')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '进入微法庭须知' })).toBeVisible()
  await tabTo(page, 'checkbox', /我已阅读并同意/)
  await page.keyboard.press('Space')
  await tabTo(page, 'button', '同意并进入')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: '微法庭消息' })).toBeVisible()
  const { signature } = (await (await page.request.get('/api/me/signature')).json()) as { signature: unknown }
  if (!signature) {
    await expect(page.getByRole('dialog', { name: '预留签名' })).toBeVisible()
    await page.keyboard.press('Escape')
  }

  const words = `键盘也能发言（${info.project.name}）。`
  await tabTo(page, 'textbox', '输入消息')
  await page.keyboard.type(words)
  if (info.project.name === 'phone') {
    await tabTo(page, 'button', '发送')
    await page.keyboard.press('Enter')
  } else {
    // At a desk Enter sends and Shift+Enter breaks the line.
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('第二行。')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
  }
  const mine = page.getByRole('article').filter({ hasText: words })
  await expect(mine).toHaveCount(1)
  await expect(mine).toContainText('已存证')
  await expect(page.getByRole('textbox', { name: '输入消息' })).toBeFocused()
  await expect(page.getByRole('textbox', { name: '输入消息' })).toHaveValue('')

  if (info.project.name === 'phone') {
    await tabTo(page, 'button', '成员', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: '成员' })).toBeVisible()
    await tabTo(page, 'button', /周明远/)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: '成员信息' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: '成员信息' })).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    // The focus is back where it was.
    await expect(page.getByRole('button', { name: '成员', exact: true })).toBeFocused()
    await tabTo(page, 'button', '返回', 'Shift+Tab')
    await page.keyboard.press('Enter')
  } else {
    await tabTo(page, 'button', /周明远/)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: '成员信息' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: /周明远/ })).toBeFocused()
    await tabTo(page, 'link', '首页', 'Shift+Tab')
    await page.keyboard.press('Enter')
  }
  await expect(page).toHaveURL(/\/$/)
})

test('the first Tab of a page skips to its content, and a new page says where one is', async ({ as }) => {
  const page = await as(mediator)
  await page.goto('/')
  await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#main')).toBeFocused()
  await tabTo(page, 'link', '我的', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
})

test('the list of messages scrolls by keyboard', async ({ as }) => {
  const page = await as(plaintiffAgent)
  await page.goto(`/rooms/${(await roomOf(page, SALE)).id}`)
  const list = page.getByRole('region', { name: '微法庭消息' })
  await expect(page.getByRole('article').first()).toBeVisible()
  await tabTo(page, 'region', '微法庭消息')
  await page.keyboard.press('End')
  await expect.poll(() => list.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight)).toBeLessThan(4)
  await page.keyboard.press('Home')
  await expect.poll(() => list.evaluate((one) => one.scrollTop)).toBeLessThan(4)
})
