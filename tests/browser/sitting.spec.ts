// The main job, whole: an asynchronous sitting of four people on four devices, from the hour that has not come to 关闭异步审理.
import type { Page } from '@playwright/test'
import { putOff } from './support/court'
import { answerMatter, callAndTalk, publishMatter, readPaper, said, sharePaper, writePrivately } from './support/deeds'
import { type Made, film, pdf, photo } from './support/media'
import { SALE, defendantAgent, judge, mediator, plaintiff } from './support/people'
import { DESK, PHONE, expect, test } from './support/test'

const beijing = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })
/** 2026-11-23T14:00:25, as a date field takes it. */
const field = (moment: number) => beijing.format(moment).replace(' ', 'T')

const composer = (page: Page) => page.getByRole('textbox', { name: '输入消息' })

async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await page.getByRole('button', { name: '发送', exact: true }).click()
}

/** Chooses files through the "+" panel, as a phone does. */
async function choose(page: Page, tile: string, files: string[]): Promise<void> {
  await page.getByRole('button', { name: '更多功能' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('group', { name: '更多功能' }).getByRole('button', { name: tile, exact: true }).click()
  await (await chooser).setFiles(files)
}

/** Everything said in the room from first to last, by scrolling through it. */
async function transcript(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const list = document.querySelector<HTMLElement>('[role=region][aria-label=微法庭消息]')!
    const seen = new Map<string, string>()
    // Rows are drawn after they come into sight: on a busy machine not at once.
    const settle = () => new Promise((next) => setTimeout(next, 150))
    list.scrollTop = 0
    await settle()
    for (let last = -1; list.scrollTop !== last; ) {
      last = list.scrollTop
      for (const one of list.querySelectorAll<HTMLElement>('article')) {
        const label = one.getAttribute('aria-label') ?? ''
        const what = one.querySelector<HTMLElement>('.bubble, .name ~ .name, .doc .name')?.innerText ?? one.querySelector('button')?.getAttribute('aria-label') ?? ''
        const key = `${label}|${what}`
        // Rows are drawn at their place: where they stand tells two equal ones apart.
        const place = Math.round(one.getBoundingClientRect().top - list.getBoundingClientRect().top + list.scrollTop)
        const near = [...seen.keys()].some((known) => known.endsWith(`#${key}`) && Math.abs(Number(known.split('#')[0]) - place) < 24)
        if (!near) seen.set(`${place}#${key}`, key)
      }
      list.scrollTop += list.clientHeight / 2
      await settle()
    }
    return [...seen.entries()].sort((a, b) => Number(a[0].split('#')[0]) - Number(b[0].split('#')[0])).map(([, key]) => key)
  })
}

test('an asynchronous sitting: judge at a desk, plaintiff, agent and mediator on phones', async ({ as, stranger }) => {
  test.setTimeout(300_000)
  const [bench, left, right, helper] = [await as(judge, DESK), await as(plaintiff, PHONE), await as(defendantAgent, PHONE), await as(mediator, PHONE)]
  const everybody = [bench, left, right, helper]
  const phones = [left, right, helper]

  const picture = photo('收货照片.jpg', 1440, 1920)
  const little = photo('小图.jpg', 640, 480)
  const movie = film('开箱录像.mp4', 12, 7)
  let paper: Made
  let room = ''
  let opens = 0

  await test.step('the judge schedules a sitting that begins in a moment', async () => {
    await bench.goto('/')
    paper = await (async () => {
      const printer = await bench.context().newPage()
      const one = await pdf(printer, '验收单.pdf')
      await printer.close()
      return one
    })()
    await bench.getByRole('link', { name: '案件' }).first().click()
    await bench.locator('#main').getByRole('link', { name: new RegExp(SALE.replace(/[()]/g, '\\$&')) }).first().click()
    await bench.locator('#main').getByRole('link', { name: '排期', exact: true }).click()
    await bench.getByRole('radio', { name: /谈话/ }).check()
    for (const group of ['当事人', '代理人', '其他']) await bench.getByRole('checkbox', { name: `全选${group}` }).check()
    opens = Math.ceil(Date.now() / 1000) * 1000 + 25_000
    await bench.getByLabel('开始时间', { exact: true }).fill(field(opens))
    await bench.getByLabel('结束时间', { exact: true }).fill(field(opens + 3 * 86_400_000))
    await bench.getByRole('button', { name: '确认排期' }).click()
    const sheet = bench.getByRole('dialog', { name: '请核对排期' })
    await expect(sheet).toContainText('青禾示例家居有限公司')
    await sheet.getByRole('button', { name: '确认排期' }).click()
    await expect(bench).toHaveURL(/\/rooms\/[0-9a-f-]{36}$/)
    room = new URL(bench.url()).pathname
  })

  await test.step('before the hour every visitor is told when it begins, exactly', async () => {
    const [day, time] = field(opens).split('T') as [string, string]
    const [y, m, d] = day.split('-')
    const sentence = `当前未到微法庭启动时间，请于 ${y} 年 ${m} 月 ${d} 日 ${time} 进入使用！`
    await Promise.all(phones.map((page) => page.goto(room)))
    for (const page of phones) {
      await expect(page.getByText('当前未到微法庭启动时间')).toHaveText(sentence)
      await expect(composer(page)).toHaveCount(0)
    }
    expect(Date.now(), 'the phones came before the hour').toBeLessThan(opens)
  })

  await test.step('at the hour the entry notice opens by itself, and is accepted as an act', async () => {
    for (const page of phones) {
      await expect(page.getByRole('heading', { name: '进入微法庭须知' })).toBeVisible({ timeout: 40_000 })
      // Nothing is ticked beforehand, and without it nothing opens.
      await page.getByRole('button', { name: '同意并进入' }).click()
      await expect(page.getByRole('alert')).toContainText('请先阅读须知')
      await page.getByRole('checkbox', { name: /我已阅读并同意/ }).check()
      await page.getByRole('button', { name: '同意并进入' }).dblclick()
      await expect(page.getByRole('region', { name: '微法庭消息' })).toBeVisible()
      await putOff(page)
      // Before 启动 the bar says why nobody speaks.
      await expect(page.getByText(/法官尚未启动|启动/).last()).toBeVisible()
      await expect(composer(page)).toHaveCount(0)
    }
  })

  await test.step('the judge opens; all hear it without reloading', async () => {
    for (const page of phones) await page.evaluate(() => Object.assign(window, { stayed: true }))
    await bench.getByRole('button', { name: '启动异步审理' }).first().click()
    await bench.getByRole('dialog').getByRole('button', { name: '启动异步审理' }).click()
    for (const page of everybody) {
      await expect(composer(page)).toBeVisible()
      await expect(page.getByText(/启动了?异步审理|异步审理已启动/).first()).toBeVisible()
    }
  })

  await test.step('text', async () => {
    await composer(bench).fill('请各方围绕收货时的情况发言。')
    await composer(bench).press('Enter')
    for (const page of everybody) await expect(said(page, '请各方围绕收货时的情况发言。')).toHaveCount(1)
    await say(left, '收货当天外包装已经破损。')
    await say(right, '我方需要看到照片。')
    for (const page of everybody) {
      await expect(said(page, '收货当天外包装已经破损。')).toHaveCount(1)
      await expect(said(page, '我方需要看到照片。')).toHaveCount(1)
    }
  })

  await test.step('a photo; a small one is warned about and sent all the same', async () => {
    await choose(left, '相册', [picture.path])
    for (const page of everybody) await expect(page.getByRole('button', { name: `查看照片，${picture.name}` })).toBeVisible({ timeout: 20_000 })
    await choose(left, '相册', [little.path])
    const warning = left.getByRole('dialog', { name: '照片可能看不清' })
    await expect(warning).toContainText('640×480')
    await warning.getByRole('button', { name: '仍要发送' }).click()
    for (const page of everybody) await expect(page.getByRole('button', { name: `查看照片，${little.name}` })).toBeVisible({ timeout: 20_000 })

    // The hash that is shown is that of the very bytes.
    await left.getByRole('article').filter({ has: left.getByRole('button', { name: `查看照片，${picture.name}` }) }).getByRole('button', { name: '已存证' }).click()
    await expect(left.getByRole('dialog', { name: '存证信息' })).toContainText(picture.sha256)
    await left.keyboard.press('Escape')

    await right.getByRole('button', { name: `查看照片，${picture.name}` }).click()
    const shown = right.locator('.pswp img.pswp__img:not(.pswp__img--placeholder)').first()
    await expect(shown).toBeVisible()
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => `${img.naturalWidth}×${img.naturalHeight}`)).toBe('1440×1920')
    await right.keyboard.press('Escape')
    await expect(right.locator('.pswp')).toHaveCount(0)
  })

  await test.step('a video, with a reload in the middle of its upload', async () => {
    const created: string[] = []
    const offsets: number[] = []
    left.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) created.push(request.url())
      if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']))
    })
    let slow = true
    await left.route('**/api/uploads/*', async (route) => {
      if (slow && route.request().method() === 'PATCH') await new Promise((next) => setTimeout(next, 900))
      await route.continue().catch(() => undefined)
    })
    await choose(left, '相册', [movie.path])
    await expect(left.getByText(/上传中 [1-9]\d?%/)).toBeVisible({ timeout: 20_000 })
    await left.reload()
    slow = false
    for (const page of everybody) await expect(page.getByRole('button', { name: `播放视频，${movie.name}` })).toBeVisible({ timeout: 30_000 })
    expect(created, 'one upload, made once').toHaveLength(1)
    expect(offsets.filter((offset) => offset === 0), 'the first part went up once').toHaveLength(1)
    await left.unroute('**/api/uploads/*')
    await left.evaluate(() => Object.assign(window, { stayed: true }))
    await expect(left.getByRole('button', { name: `播放视频，${movie.name}` })).toHaveCount(1)
  })

  await test.step('the video shows a still of itself', async () => {
    const still = left.getByRole('button', { name: `播放视频，${movie.name}` }).locator('img')
    await still.scrollIntoViewIfNeeded()
    await expect.poll(() => still.evaluate((img: HTMLImageElement) => `${img.naturalWidth}×${img.naturalHeight}`), { timeout: 20_000 }).toBe('640×480')
  })

  await test.step('the video seeks', async () => {
    const partial: number[] = []
    helper.on('response', (response) => {
      if (response.url().includes('/files/') && response.status() === 206) partial.push(response.status())
    })
    await helper.getByRole('button', { name: `播放视频，${movie.name}` }).click()
    const video = helper.locator('dialog video')
    await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.readyState)).toBeGreaterThanOrEqual(1)
    await video.evaluate((one: HTMLVideoElement) => {
      one.pause()
      one.currentTime = 9.5
    })
    await expect.poll(() => video.evaluate((one: HTMLVideoElement) => !one.seeking && one.readyState >= 2 && Math.abs(one.currentTime - 9.5) < 0.2)).toBe(true)
    expect(partial.length).toBeGreaterThan(0)
    await helper.keyboard.press('Escape')
    await expect(helper.locator('dialog video')).toHaveCount(0)
  })

  await test.step('a document, with its hash', async () => {
    await choose(right, '文件', [paper.path])
    for (const page of everybody) await expect(said(page, paper.name)).toHaveCount(1, { timeout: 20_000 })
    await said(bench, paper.name).getByRole('button', { name: '存证信息' }).click()
    await expect(bench.getByRole('dialog', { name: '存证信息' })).toContainText(paper.sha256)
    await bench.keyboard.press('Escape')
    const address = await said(bench, paper.name).getByRole('link', { name: /打开文件/ }).getAttribute('href')
    const bytes = await (await bench.request.get(address!)).body()
    expect(bytes.length).toBe(paper.size)
  })

  await test.step('a voice', async () => {
    await helper.getByRole('button', { name: '录制语音' }).click()
    await expect(helper.getByText(/正在录音 0:0[1-9]/)).toBeVisible()
    await helper.getByRole('button', { name: '停止录音' }).click()
    await helper.getByRole('button', { name: /发送语音|发送/ }).click()
    for (const page of everybody) await expect(page.getByRole('button', { name: /播放语音/ })).toBeVisible({ timeout: 20_000 })
    await bench.getByRole('button', { name: /播放语音/ }).click()
    await expect.poll(() => bench.locator('audio').first().evaluate((one: HTMLAudioElement) => one.currentTime)).toBeGreaterThan(0)
  })

  await test.step('a message on a dead network waits, survives a reload of the page, and is sent once', async () => {
    await right.context().setOffline(true)
    await say(right, '我方愿意调解，但需要核对照片。')
    await expect(said(right, '我方愿意调解，但需要核对照片。')).toContainText(/等待网络|发送中/)
    await say(bench, '请注意截止时间。')
    await expect(said(left, '请注意截止时间。')).toHaveCount(1)
    await expect(said(right, '请注意截止时间。')).toHaveCount(0)
    // The network is back and the court is not: the page is left and opened again, and the message still waits.
    await right.route('**/api/rooms/*/acts', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
    await right.context().setOffline(false)
    await right.reload()
    await expect(said(right, '我方愿意调解，但需要核对照片。')).toContainText(/等待网络|发送中/)
    await expect(said(left, '我方愿意调解，但需要核对照片。')).toHaveCount(0)
    await right.unroute('**/api/rooms/*/acts')
    for (const page of everybody) {
      await expect(said(page, '我方愿意调解，但需要核对照片。')).toHaveCount(1, { timeout: 30_000 })
      await expect(said(page, '请注意截止时间。')).toHaveCount(1)
    }
    await expect(said(right, '我方愿意调解，但需要核对照片。')).toContainText('已存证')
    await right.evaluate(() => Object.assign(window, { stayed: true }))
  })

  await test.step('a network that dies under way leaves nothing twice', async () => {
    await helper.route('**/api/rooms/*/acts', async (route) => {
      // The court takes it; the answer is lost.
      await route.fetch().catch(() => undefined)
      await route.abort('connectionreset')
    }, { times: 1 })
    await say(helper, '我建议先确认数量，再谈价款。')
    for (const page of everybody) await expect(said(page, '我建议先确认数量，再谈价款。')).toHaveCount(1, { timeout: 20_000 })
    await expect(said(helper, '我建议先确认数量，再谈价款。')).toContainText('已存证', { timeout: 20_000 })
  })

  await test.step('members stand in order, with who is there', async () => {
    const members = bench.getByRole('complementary', { name: '成员' })
    await expect(members.locator('.person .name')).toHaveText([/周明远/, /许国华/, /孙悦/, /青禾示例家居有限公司/, /白石示例商贸有限公司/, /陈立/, /李思源/, /何敏/])
    await expect(members.locator('.group span:first-child')).toHaveText(['审判组织', '当事人', '代理人', '其他'])
    for (const name of ['周明远', '青禾示例', '李思源', '何敏']) await expect(members.getByRole('button', { name: new RegExp(name) })).toContainText('在线')
    for (const name of ['许国华', '白石示例', '陈立']) await expect(members.getByRole('button', { name: new RegExp(name) })).toContainText('离线')
    await helper.goto('/me')
    await expect(members.getByRole('button', { name: /何敏/ })).toContainText('离线', { timeout: 15_000 })
    await helper.goto(room)
    await expect(members.getByRole('button', { name: /何敏/ })).toContainText('在线')
    await left.getByRole('button', { name: '成员', exact: true }).click()
    const drawer = left.getByRole('dialog', { name: '成员' })
    await expect(drawer.locator('.person .name').first()).toHaveText(/周明远/)
    await drawer.getByRole('button', { name: '关闭' }).click()
  })

  await test.step('all four have read the same, in the same order', async () => {
    const theirs = await Promise.all(everybody.map(transcript))
    // Four of the judge's and the agent's words, two photos, a video, a document, a voice; each once.
    expect(theirs[0], theirs[0]!.join('\n')).toHaveLength(11)
    for (const one of theirs.slice(1)) expect(one).toEqual(theirs[0])
    for (const page of [left, right]) expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
  })

  await test.step('a private message reaches the judge, and nobody at the other side', async () => {
    const words = '我方的底价是八万六千元，请不要转告对方。'
    await writePrivately(left, '周明远', words)
    await expect(said(bench, words)).toContainText('私信')
    for (const page of [right, helper]) await expect(page.getByText('底价')).toHaveCount(0)
  })

  await test.step('a matter is asked of one, answered once, and read by the judge', async () => {
    await publishMatter(bench, /青禾示例家居/, '核对验收单', '请核对验收单上的件数。')
    await answerMatter(left, '核对验收单', '共十二件，其中两件破损。')
    await expect(bench.getByText(/办理了诉讼事项/).first()).toBeVisible()
    for (const page of [right, helper]) await expect(page.getByText('核对验收单')).toHaveCount(0)
  })

  await test.step('the judge shares a paper of the dossier; both sides read its pages, and that they did is on record', async () => {
    await sharePaper(bench, '家居用品买卖合同')
    for (const page of [left, right]) await readPaper(page, '家居用品买卖合同')
    await expect(bench.getByText(/李思源查阅卷宗材料《家居用品买卖合同》/).first()).toBeVisible()
  })

  await test.step('the judge calls the plaintiff, who has seen the code before it rings', async () => {
    const telephones = { judge: await stranger(PHONE), callee: await stranger(PHONE) }
    const callee = { page: left, member: /青禾示例家居/, person: plaintiff }
    const number = await callAndTalk(bench, callee, telephones, judge)
    expect(number).toMatch(/^021\d{8}$/)
    for (const page of [bench, left]) {
      await page.getByRole('region', { name: '微法庭消息' }).press('End')
      await expect(said(page, '虚拟电话')).toContainText('已接听')
    }
    await expect(said(right, '虚拟电话')).toHaveCount(0)
  })

  await test.step('the judge closes; the phones say why nobody speaks', async () => {
    await bench.getByRole('button', { name: '关闭异步审理' }).first().click()
    await bench.getByRole('dialog').getByRole('button', { name: '关闭异步审理' }).click()
    for (const page of phones) {
      await expect(composer(page)).toHaveCount(0)
      await expect(page.locator('div.closed')).toContainText('法官已关闭异步审理')
    }
    await left.reload()
    await expect(left.locator('div.closed')).toContainText('法官已关闭异步审理')
  })
})
