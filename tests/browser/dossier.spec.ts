// 电子卷宗 on the screen: the clerk files, the judge shares one paper with one side, they read it page by page and nowhere else, and it is taken back.
import { randomUUID } from 'node:crypto'
import type { Locator, Page } from '@playwright/test'
import { good } from './support/axe'
import { act, acceptNotice, bring, readAll, roomOf, schedule } from './support/court'
import { docx, pdf, photo } from './support/media'
import { SALE, assessor, clerk, defendantAgent, judge, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

const HOUR = 3_600_000
const dialog = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name, exact: typeof name === 'string' })
const short = () => randomUUID().slice(0, 4)

/** A fresh room of the case, opened, with the notices accepted; and the case. */
async function freshRoom(pages: { clerk: Page; judge: Page; visitors: Page[] }): Promise<{ room: string; kase: string }> {
  const known = await roomOf(pages.clerk, SALE)
  const now = Date.now()
  const room = await schedule(pages.clerk, known.case.id, now - 60_000, now + 96 * HOUR)
  await act(pages.judge, room, { kind: 'sitting.open' })
  for (const page of pages.visitors) await acceptNotice(page, room)
  return { room, kase: known.case.id }
}

async function enter(page: Page, room: string): Promise<void> {
  await readAll(page, room)
  await page.goto(`/rooms/${room}`)
  await expect(page.getByRole('region', { name: '微法庭消息' })).toBeVisible()
}

async function tool(page: Page): Promise<void> {
  if (test.info().project.name === 'phone') await page.getByRole('button', { name: '更多功能' }).click()
  await page.getByRole('button', { name: '卷宗', exact: true }).click()
}

/** The pages of a viewer, once the first one has its picture. */
async function reads(page: Page, title: string, timeout = 30_000): Promise<Locator> {
  const viewer = dialog(page, title)
  const first = viewer.getByAltText(`《${title}》第 1 页`)
  await expect(first).toBeVisible({ timeout })
  await expect.poll(() => first.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0)), { timeout: 20_000 }).toBeGreaterThan(300)
  return viewer
}

test('a paper is filed, shared with one side, read page by page, and taken back at once', async ({ as, browser }) => {
  test.setTimeout(240_000)
  const [office, bench, reader, other] = [await as(clerk), await as(judge), await as(plaintiffAgent), await as(defendantAgent)]
  const { room, kase } = await freshRoom({ clerk: office, judge: bench, visitors: [reader, other] })
  const title = `验收单 ${short()}`
  const printer = await browser.newPage()
  const paper = await pdf(printer, `dossier-${short()}.pdf`)
  await printer.close()

  await test.step('the clerk files it from the page of the case', async () => {
    await office.goto(`/cases/${kase}`)
    await office.getByRole('link', { name: '电子卷宗' }).click()
    await office.getByRole('button', { name: '归入材料' }).click()
    const form = dialog(office, '归入材料')
    await form.getByRole('button', { name: '归入卷宗' }).click()
    await expect(form.getByText('请选择文件')).toBeVisible()
    await form.getByLabel('选择文件').setInputFiles(paper.path)
    await form.getByLabel('标题').fill(title)
    await form.getByLabel('材料类别（选填）').selectOption('证据材料')
    await good(office)
    await form.getByLabel('记入哪个微法庭的审理记录').selectOption(room)
    await expect(form.getByText(/KB$/)).toBeVisible()
    await form.getByRole('button', { name: '归入卷宗' }).click()
    await expect(office.getByText('已归入正卷')).toBeVisible()
    await expect(office.getByRole('button', { name: `查阅，${title}` })).toBeVisible()
    await good(office)
  })

  for (const page of [bench, reader, other]) await enter(page, room)

  await test.step('the judge shares it with the plaintiff’s side', async () => {
    await tool(bench)
    const list = dialog(bench, '卷宗材料')
    await expect(list.getByText('还没有分享的材料')).toBeVisible()
    await list.getByRole('button', { name: '分享卷宗材料' }).click()
    const form = dialog(bench, '分享到微法庭')
    await form.getByRole('button', { name: '分享', exact: true }).click()
    await expect(form.getByText('请选择材料')).toBeVisible()
    await form.getByRole('radio', { name: new RegExp(title) }).check()
    await form.getByRole('radio', { name: '指定成员' }).check()
    await form.getByRole('checkbox', { name: /陈立/ }).check()
    await good(bench)
    await form.getByRole('button', { name: '分享', exact: true }).click()
    await expect(bench.getByText('已分享到微法庭')).toBeVisible()
    await expect(list.getByText('仅 陈立 可查阅')).toBeVisible()
    await expect(list.getByText('还没有人查阅')).toBeVisible()
  })

  await test.step('one side reads it, with their name on the page; the other knows nothing of it', async () => {
    await reader.getByRole('button', { name: `查阅，${title}` }).click()
    const viewer = await reads(reader, title)
    await expect(viewer.getByText(/^陈立 /).first()).toBeAttached()
    await expect(viewer.getByRole('link', { name: '下载原件' })).toHaveCount(0)
    await expect(viewer.getByRole('status')).toHaveText('第 1 页，共 1 页')
    await viewer.getByRole('button', { name: '放大' }).click()
    await expect(viewer.getByRole('button', { name: /125%/ })).toBeVisible()
    await reader.keyboard.press('0')
    await expect(viewer.getByRole('button', { name: /100%/ })).toBeVisible()
    await good(reader)
    await expect(other.getByText(title)).toHaveCount(0)
    await tool(other)
    await expect(dialog(other, '卷宗材料').getByText('还没有分享的材料')).toBeVisible()
    await good(other)
    await expect(dialog(bench, '卷宗材料').getByText(/^陈立 /)).toBeVisible()
  })

  await test.step('the judge takes it back, and the page goes', async () => {
    const list = dialog(bench, '卷宗材料')
    await list.getByRole('button', { name: `收回，${title}` }).click()
    await dialog(bench, '收回分享').getByRole('button', { name: '收回', exact: true }).click()
    await expect(bench.getByText('已收回').first()).toBeVisible()
    await good(bench)
    await expect(dialog(reader, title).getByText('这份材料已被收回，不能再查阅。')).toBeVisible()
    await dialog(reader, title).getByRole('button', { name: '关闭' }).click()
    await expect(reader.getByText('已收回', { exact: true })).toBeVisible()
  })
})

test('what is sent in the room is filed by itself; a photo, and a Word document by conversion, are read in the browser', async ({ as }) => {
  test.setTimeout(300_000)
  const [office, bench, sender] = [await as(clerk), await as(judge), await as(plaintiffAgent)]
  const { room, kase } = await freshRoom({ clerk: office, judge: bench, visitors: [sender] })
  const picture = photo(`sent-${short()}.jpg`, 1200, 900)
  await act(sender, room, { kind: 'speech.photo', blob: await bring(sender, picture) })
  const word = docx(`agreement-${short()}.docx`, ['调解方案', '被告于十日内返还货款 86,400 元。'])
  const title = `调解方案 ${short()}`
  await act(office, room, { kind: 'dossier.file', blob: await bring(office, word), folder: 'main', title })

  await bench.goto(`/cases/${kase}/dossier`)
  await test.step('the photo', async () => {
    await bench.getByRole('searchbox').fill(picture.name)
    await expect(bench.getByRole('listitem').getByText('自动归卷').first()).toBeVisible()
    await bench.getByRole('button', { name: `查阅，${picture.name}` }).click()
    const viewer = await reads(bench, picture.name)
    await expect(viewer.getByRole('link', { name: '下载原件' })).toBeVisible()
    await good(bench)
    await viewer.getByRole('button', { name: '关闭' }).click()
  })
  await test.step('the Word document', async () => {
    await bench.getByRole('searchbox').fill(title)
    await bench.getByRole('button', { name: `查阅，${title}` }).click()
    await expect(dialog(bench, title).getByText('正在准备页面…').or(dialog(bench, title).getByAltText(`《${title}》第 1 页`))).toBeVisible()
    await reads(bench, title, 120_000)
  })
})

test('the dossier is searched and kept in order: moved, renamed, withdrawn; an assessor reads the 副卷, a party finds no dossier', async ({ as, mishaps }) => {
  test.setTimeout(240_000)
  const [office, bench, lay, party] = [await as(clerk), await as(judge), await as(assessor), await as(plaintiffAgent)]
  const { room, kase } = await freshRoom({ clerk: office, judge: bench, visitors: [party] })
  const [moved, wrong] = [`合议意见 ${short()}`, `误传 ${short()}`]
  const scan = photo(`scan-${short()}.jpg`, 1000, 1400)
  for (const title of [moved, wrong]) await act(office, room, { kind: 'dossier.file', blob: await bring(office, scan), folder: 'main', title })
  await office.goto(`/cases/${kase}/dossier`)

  await test.step('the clerk moves one to the 副卷 and withdraws another', async () => {
    await office.getByRole('button', { name: `更多操作，${moved}` }).click()
    await dialog(office, moved).getByRole('button', { name: '移动或改名' }).click()
    const form = dialog(office, '移动或改名')
    await form.getByRole('radio', { name: '副卷' }).check()
    await form.getByRole('button', { name: '保存' }).click()
    await expect(form.getByText('请填写理由')).toBeVisible()
    await form.getByLabel('理由').fill('属于合议材料')
    await good(office)
    await form.getByRole('button', { name: '保存' }).click()
    await expect(office.getByRole('button', { name: `查阅，${moved}` })).toHaveCount(0)
    await office.getByRole('button', { name: `更多操作，${wrong}` }).click()
    await dialog(office, wrong).getByRole('button', { name: '撤回材料' }).click()
    await dialog(office, '撤回材料').getByLabel('理由').fill('传错文件')
    await dialog(office, '撤回材料').getByRole('button', { name: '撤回', exact: true }).click()
    await expect(office.getByRole('button', { name: `查阅，${wrong}` })).toHaveCount(0)
    await office.getByRole('searchbox').fill(wrong)
    await expect(office.getByText('没有找到符合条件的材料')).toBeVisible()
  })
  await test.step('the assessor reads it there', async () => {
    await lay.goto(`/cases/${kase}/dossier`)
    await lay.getByRole('button', { name: '副卷' }).click()
    await expect(lay.getByText('副卷仅供审判组织查阅')).toBeVisible()
    await lay.getByRole('button', { name: `查阅，${moved}` }).click()
    await reads(lay, moved)
    await expect(lay.getByRole('button', { name: '归入材料' })).toHaveCount(0)
  })
  await test.step('a party finds nothing', async () => {
    await party.goto(`/cases/${kase}`)
    await expect(party.getByRole('heading', { name: '诉讼参与人' })).toBeVisible()
    await expect(party.getByRole('link', { name: '电子卷宗' })).toHaveCount(0)
    await party.goto(`/cases/${kase}/dossier`)
    await expect(party.getByRole('alert')).toBeVisible()
    await expect(party.getByText(moved)).toHaveCount(0)
    mishaps.length = 0
  })
})
