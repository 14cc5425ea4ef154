// 诉讼事项 on the screen: the judge asks, one answers with a draft in between, another does not know of it; what is late is told.
import { randomUUID } from 'node:crypto'
import type { Locator, Page } from '@playwright/test'
import { good } from './support/axe'
import { act, acceptNotice, readAll, roomOf, schedule } from './support/court'
import { photo } from './support/media'
import { SALE, clerk, defendantAgent, judge, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

const HOUR = 3_600_000
const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name, exact: true })
const pill = (page: Page) => page.getByRole('button', { name: /^诉讼事项，/ })

/** A fresh room of the case, opened, with the notices accepted. */
async function freshRoom(pages: { clerk: Page; judge: Page; visitors: Page[] }): Promise<string> {
  const known = await roomOf(pages.clerk, SALE)
  const now = Date.now()
  const room = await schedule(pages.clerk, known.case.id, now - 60_000, now + 96 * HOUR)
  await act(pages.judge, room, { kind: 'sitting.open' })
  for (const page of pages.visitors) await acceptNotice(page, room)
  return room
}

async function enter(page: Page, room: string): Promise<void> {
  await readAll(page, room)
  await page.goto(`/rooms/${room}`)
  await expect(page.getByRole('region', { name: '微法庭消息' })).toBeVisible()
}

/** The tool that publishes: in the row on a desk, behind the plus on a phone. */
async function publish(page: Page): Promise<void> {
  if (test.info().project.name === 'phone') await page.getByRole('button', { name: '更多功能' }).click()
  await page.getByRole('button', { name: '发布事项' }).click()
}

async function memberOf(page: Page, room: string, name: string): Promise<string> {
  const view = (await (await page.request.get(`/api/rooms/${room}`)).json()) as { members: { id: string; name: string }[] }
  return view.members.find((one) => one.name === name)!.id
}

test('a matter: published to one member, begun, taken up again, submitted once; the other side sees nothing of it', async ({ as }) => {
  test.setTimeout(180_000)
  const [office, bench, asked, other] = [await as(clerk), await as(judge), await as(plaintiffAgent), await as(defendantAgent)]
  const room = await freshRoom({ clerk: office, judge: bench, visitors: [asked, other] })
  for (const page of [bench, asked, other]) await enter(page, room)
  const title = `提交验收材料 ${randomUUID().slice(0, 4)}`

  await test.step('the judge publishes', async () => {
    await publish(bench)
    const form = dialog(bench, '发布事项')
    await form.getByRole('button', { name: '发布', exact: true }).click()
    await expect(form.getByText('请填写标题')).toBeVisible()
    await expect(form.getByText('请选择办理人')).toBeVisible()
    await expect(form.getByLabel('标题')).toBeFocused()
    await form.getByLabel('标题').fill(title)
    await form.getByLabel('办理要求').fill('请核对验收单，填写收货件数，并上传收货当天的照片。')
    await form.getByRole('checkbox', { name: /陈立/ }).check()
    await form.getByRole('button', { name: /^明天/ }).click()
    await form.getByRole('button', { name: '添加填写项' }).click()
    await form.getByLabel('名称').fill('收货件数')
    await form.getByLabel('类型').selectOption('数字')
    await form.getByRole('button', { name: '添加填写项' }).click()
    const second = form.getByRole('group', { name: '第 2 项' })
    await second.getByLabel('名称').fill('是否同意调解')
    await second.getByLabel('类型').selectOption('单选')
    await second.getByLabel('选项，每行一个').fill('同意\n不同意')
    await good(bench)
    await form.getByRole('button', { name: '发布', exact: true }).click()
    await dialog(bench, '确认发布').getByRole('button', { name: '确认发布' }).click()
    await expect(bench.getByText('事项已发布')).toBeVisible()
    await expect(pill(bench)).toContainText('1 项进行中')
    await expect(pill(bench)).toContainText('0/1 已办理')
    await expect(bench.getByRole('article').filter({ hasText: title })).toBeVisible()
    await good(bench)
  })

  await test.step('who is asked is told at once, the other side nothing', async () => {
    await expect(pill(asked)).toContainText('1 项待办理')
    await expect(asked.getByRole('article').filter({ hasText: title })).toBeVisible()
    await good(asked)
    await act(bench, room, { kind: 'speech.text', text: '请各方继续。' })
    await expect(other.getByRole('article').filter({ hasText: '请各方继续。' })).toBeVisible()
    await expect(other.getByText(title)).toHaveCount(0)
    await expect(pill(other)).toHaveCount(0)
  })

  await test.step('a draft outlives the page', async () => {
    await pill(asked).click()
    const list = dialog(asked, '诉讼事项')
    await expect(list.getByRole('listitem').filter({ hasText: title })).toContainText('待办理')
    await good(asked)
    await list.getByRole('button', { name: `去办理，${title}` }).click()
    const form = dialog(asked, title)
    await form.getByLabel('收货件数').fill('十二')
    await expect(form.getByText('请填写数字，例如 86400.50')).toBeVisible()
    await form.getByLabel('收货件数').fill('12')
    await form.getByLabel('办理内容').fill('外包装破损两件。')
    await expect(form.getByText(/草稿已于 .* 保存/)).toBeVisible()
    await asked.reload()
    await asked.getByRole('article').filter({ hasText: title }).getByRole('button', { name: /^去办理/ }).click()
    await expect(form.getByLabel('收货件数')).toHaveValue('12')
    await expect(form.getByLabel('办理内容')).toHaveValue('外包装破损两件。')
  })

  await test.step('it is submitted once, with a file', async () => {
    const form = dialog(asked, title)
    await form.getByRole('button', { name: '提交', exact: true }).click()
    await expect(form.getByRole('radio', { name: '同意', exact: true })).toBeFocused()
    await form.getByRole('radio', { name: '同意', exact: true }).check()
    const chooser = asked.waitForEvent('filechooser')
    await form.getByRole('button', { name: '添加附件' }).click()
    await (await chooser).setFiles(photo('破损照片.jpg', 800, 600).path)
    await expect(form.getByText(/^\d+ KB$/)).toBeVisible()
    await good(asked)
    await form.getByRole('button', { name: '提交', exact: true }).click()
    const sure = dialog(asked, '确认提交')
    await expect(sure).toContainText('不能修改，也不能再次提交')
    await sure.getByRole('button', { name: '确认提交' }).click()
    await expect(asked.getByText('已提交')).toBeVisible()
    const list = dialog(asked, '诉讼事项')
    await list.getByRole('button', { name: `查看，${title}` }).click()
    const seen = dialog(asked, title)
    await expect(seen.getByText('外包装破损两件。')).toBeVisible()
    await expect(seen.getByRole('button', { name: '提交', exact: true })).toHaveCount(0)
    await good(asked)
    await asked.keyboard.press('Escape')
    await expect(pill(asked)).toContainText('均已办理')
  })

  await test.step('the judge reads the answer', async () => {
    await expect(bench.getByText(/办理了诉讼事项/).first()).toBeVisible()
    await pill(bench).click()
    const list = dialog(bench, '诉讼事项')
    await list.getByRole('button', { name: /^已办理/ }).click()
    await list.getByRole('button', { name: `查看，${title}` }).click()
    const one = dialog(bench, title)
    await expect(one.getByText('外包装破损两件。')).toBeVisible()
    await expect(one.getByRole('link', { name: '打开附件，破损照片.jpg' })).toHaveAttribute('href', /\/acts\/\d+\/file$/)
    await good(bench)
    await expect(other.getByText(/办理了诉讼事项/)).toHaveCount(0)
  })
})

test('a late matter says when it ended and how to ask for more time; the judge gives it, takes one back, ends another', async ({ as }) => {
  test.setTimeout(150_000)
  const [office, bench, asked] = [await as(clerk), await as(judge), await as(plaintiffAgent)]
  const room = await freshRoom({ clerk: office, judge: bench, visitors: [asked] })
  await enter(asked, room)
  const target = await memberOf(bench, room, '陈立')
  const issue = (title: string, ms: number) => ({
    kind: 'matter.issue',
    title,
    text: '请说明情况。',
    targets: [target],
    deadline: new Date(Date.now() + ms).toISOString(),
  })

  await test.step('the hour comes while the form is open', async () => {
    await act(bench, room, issue('说明付款情况', 15_000))
    await pill(asked).click()
    await dialog(asked, '诉讼事项').getByRole('button', { name: '去办理，说明付款情况' }).click()
    const one = dialog(asked, '说明付款情况')
    await expect(one.getByLabel('办理内容')).toBeVisible()
    await expect(one.getByRole('note')).toContainText('申请延期', { timeout: 25_000 })
    await expect(one.getByRole('button', { name: '提交', exact: true })).toHaveCount(0)
    await good(asked)
    await one.getByRole('button', { name: '返回列表' }).click()
    await dialog(asked, '诉讼事项').getByRole('button', { name: /^已逾期/ }).click()
    await expect(dialog(asked, '诉讼事项').getByRole('listitem')).toContainText('已逾期')
    await asked.keyboard.press('Escape')
  })

  await test.step('more time, with its reason', async () => {
    await enter(bench, room)
    await bench.getByRole('article').filter({ hasText: '说明付款情况' }).getByRole('button', { name: /^查看/ }).click()
    await dialog(bench, '说明付款情况').getByRole('button', { name: '延长期限' }).click()
    const sheet = dialog(bench, '延长期限')
    await sheet.getByRole('button', { name: '延长期限' }).click()
    await expect(sheet.getByText('请填写理由')).toBeVisible()
    await sheet.getByLabel('理由').fill('原告代理人申请延期，准许。')
    await good(bench)
    await sheet.getByRole('button', { name: '延长期限' }).click()
    await expect(bench.getByText('期限已延长')).toBeVisible()
    await expect(pill(asked)).toContainText('1 项待办理')
    await expect(dialog(bench, '说明付款情况').getByText(/理由：原告代理人申请延期，准许。/)).toBeVisible()
    await good(bench)
  })

  await test.step('one is taken back, one is ended', async () => {
    await dialog(bench, '说明付款情况').getByRole('button', { name: '撤回事项' }).click()
    await dialog(bench, '撤回事项').getByLabel('理由').fill('已当庭说明')
    await dialog(bench, '撤回事项').getByRole('button', { name: '撤回事项' }).click()
    await expect(bench.getByText('事项已撤回')).toBeVisible()
    await bench.keyboard.press('Escape')
    await act(bench, room, issue('补充单据', HOUR))
    await expect(pill(asked)).toContainText('1 项待办理')
    await pill(bench).click()
    await dialog(bench, '诉讼事项').getByRole('button', { name: '查看，补充单据' }).click()
    await dialog(bench, '补充单据').getByRole('button', { name: '关闭事项' }).click()
    await dialog(bench, '关闭事项').getByRole('button', { name: '关闭事项' }).click()
    await expect(bench.getByText('事项已关闭')).toBeVisible()
    await expect(pill(asked)).toContainText('没有进行中')
    await pill(asked).click()
    const list = dialog(asked, '诉讼事项')
    await expect(list.getByRole('listitem').filter({ hasText: '补充单据' })).toContainText('已关闭')
    await expect(list.getByRole('listitem').filter({ hasText: '说明付款情况' })).toContainText('已撤回')
    await good(asked)
  })
})

test('the list is worked with keys alone, and says so when it cannot be loaded', async ({ as }) => {
  const [office, bench, asked] = [await as(clerk), await as(judge), await as(plaintiffAgent)]
  const room = await freshRoom({ clerk: office, judge: bench, visitors: [asked] })
  const target = await memberOf(bench, room, '陈立')
  const deadline = new Date(Date.now() + HOUR).toISOString()
  await act(bench, room, { kind: 'matter.issue', title: '核对地址', text: '请核对送达地址。', targets: [target], deadline })
  await enter(asked, room)
  await pill(asked).focus()
  await asked.keyboard.press('Enter')
  const list = dialog(asked, '诉讼事项')
  await list.getByRole('button', { name: '去办理，核对地址' }).focus()
  await asked.keyboard.press('Enter')
  const form = dialog(asked, '核对地址')
  await form.getByLabel('办理内容').focus()
  await asked.keyboard.type('地址不变。')
  await form.getByRole('button', { name: '提交', exact: true }).focus()
  await asked.keyboard.press('Enter')
  await dialog(asked, '确认提交').getByRole('button', { name: '确认提交' }).focus()
  await asked.keyboard.press('Enter')
  await expect(asked.getByText('已提交')).toBeVisible()
  await asked.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(pill(asked)).toBeFocused()

  await asked.route('**/matters', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"unavailable","detail":"服务繁忙，请稍后再试。"}' }))
  await asked.reload()
  await asked.getByRole('article').filter({ hasText: '核对地址' }).first().waitFor()
  await expect(pill(asked)).toContainText('没有加载成功')
  await pill(asked).click()
  await expect(list.getByRole('alert')).toContainText('服务繁忙，请稍后再试。')
  await good(asked)
  await asked.unroute('**/matters')
  await list.getByRole('button', { name: '重试' }).click()
  await expect(list.getByRole('listitem')).toContainText('核对地址')
})
