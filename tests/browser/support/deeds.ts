// What people of the story do besides speaking: each deed from the first tap to what the others see of it.
import { type Locator, type Page, expect } from '@playwright/test'
import type { Person } from './people'

export const said = (page: Page, text: string): Locator => page.getByRole('article').filter({ hasText: text })

const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name, exact: true })
const matters = (page: Page): Locator => page.getByRole('button', { name: /^诉讼事项，/ })
const call = (page: Page): Locator => page.getByRole('region', { name: '虚拟电话' })

/** 私信: on a phone, to one member alone; the input is public again afterwards. */
export async function writePrivately(page: Page, to: string, text: string): Promise<void> {
  await page.getByRole('button', { name: '成员', exact: true }).click()
  await dialog(page, '成员').getByRole('button', { name: new RegExp(to) }).click()
  await dialog(page, '成员信息').getByRole('button', { name: '发私信' }).click()
  await page.getByRole('textbox', { name: '输入私信' }).fill(text)
  await page.getByRole('button', { name: '发送私信' }).click()
  await expect(said(page, text)).toContainText('已存证', { timeout: 20_000 })
  await page.getByRole('button', { name: '取消私信' }).click()
  await expect(page.getByRole('textbox', { name: '输入消息' })).toBeVisible()
}

/** 诉讼事项: the judge at a desk asks one member, until tomorrow. */
export async function publishMatter(bench: Page, target: RegExp, title: string, text: string): Promise<void> {
  await bench.getByRole('button', { name: '发布事项' }).click()
  const form = dialog(bench, '发布事项')
  await form.getByLabel('标题').fill(title)
  await form.getByLabel('办理要求').fill(text)
  await form.getByRole('checkbox', { name: target }).check()
  await form.getByRole('button', { name: /^明天/ }).click()
  await form.getByRole('button', { name: '发布', exact: true }).click()
  await dialog(bench, '确认发布').getByRole('button', { name: '确认发布' }).click()
  await expect(said(bench, title)).toBeVisible()
}

/** Who is asked answers, from the reminder at the bottom left. */
export async function answerMatter(page: Page, title: string, answer: string): Promise<void> {
  await expect(matters(page)).toContainText('1 项待办理')
  await matters(page).click()
  await dialog(page, '诉讼事项').getByRole('button', { name: `去办理，${title}` }).click()
  await dialog(page, title).getByLabel('办理内容').fill(answer)
  await dialog(page, title).getByRole('button', { name: '提交', exact: true }).click()
  await dialog(page, '确认提交').getByRole('button', { name: '确认提交' }).click()
  await expect(page.getByText('已提交')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(matters(page)).toContainText('均已办理')
}

/** 虚拟电话: the judge at a desk calls a member; both telephones are the simulator's. Answers the number that rang. */
export async function callAndTalk(bench: Page, callee: { page: Page; member: RegExp; person: Person }, telephones: { judge: Page; callee: Page }, judge: Person): Promise<string> {
  const handset = (phone: string) => `${new URL(process.env.WEITING_INBOX!).origin}/handset?phone=${phone}`
  await bench.getByRole('complementary', { name: '成员' }).getByRole('button', { name: callee.member }).click()
  await dialog(bench, '成员信息').getByRole('button', { name: '打电话' }).click()
  await dialog(bench, '虚拟电话').getByRole('button', { name: '呼叫', exact: true }).click()
  const link = call(bench).getByRole('link', { name: /拨打 021 \d{4} \d{4}/ })
  await expect(link).toBeVisible()
  const code = (await call(bench).locator('.code [aria-hidden]').textContent())!
  await expect(call(callee.page).locator('.code [aria-hidden]')).toHaveText(code)
  const number = (await link.getAttribute('href'))!.replace('tel:', '')
  await telephones.callee.goto(handset(callee.person.phone))
  await telephones.judge.goto(handset(judge.phone))
  await telephones.judge.getByLabel('拨号').fill(number)
  await telephones.judge.getByRole('button', { name: '拨打' }).click()
  await telephones.callee.getByRole('button', { name: '接听' }).click()
  await expect(call(bench).getByRole('status')).toHaveText('通话中')
  // The vendor tells whole seconds: a talk within one has no length.
  await bench.waitForTimeout(1_500)
  await telephones.callee.getByRole('button', { name: '挂断' }).click()
  for (const page of [bench, callee.page]) await expect(call(page)).toBeHidden()
  return number
}

/** 卷宗: the judge at a desk shares a paper of the main folder with everybody in the room. */
export async function sharePaper(bench: Page, title: string): Promise<void> {
  await bench.getByRole('button', { name: '卷宗', exact: true }).click()
  const list = dialog(bench, '卷宗材料')
  await list.getByRole('button', { name: '分享卷宗材料' }).click()
  const form = dialog(bench, '分享到微法庭')
  await form.getByRole('radio', { name: new RegExp(title) }).check()
  await form.getByRole('button', { name: '分享', exact: true }).click()
  await expect(bench.getByText('已分享到微法庭')).toBeVisible()
  await list.getByRole('button', { name: '关闭' }).click()
}

/** Reads the first page of what was shared, and closes it again. */
export async function readPaper(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `查阅，${title}` }).click()
  const first = dialog(page, title).getByAltText(`《${title}》第 1 页`)
  await expect.poll(() => first.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0)), { timeout: 40_000 }).toBeGreaterThan(300)
  await dialog(page, title).getByRole('button', { name: '关闭' }).click()
}
