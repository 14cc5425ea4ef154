// 实用工具: a photo becomes text to copy, on a phone and on a desk; what the browser says of a photo is what the court says.
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

const TEXT = ['购销合同', '被告应当在收货后三十日内付清全部货款。', '合同签订后，原告将全部货物送至被告仓库。', '货款共计人民币三万元整。', '法定代表人李明远']

interface Shot {
  tilt?: number
  /** The sheet's width as a share of the picture's. */
  sheet?: number
  /** Pixels. */
  blur?: number
  light?: number
  /** By how much the sheet is moved to the right, as a share of the width. */
  moved?: number
  width?: number
  turned?: boolean
}

/** A photo of a paper on a desk, taken by the page itself. */
async function shoot(page: Page, shot: Shot): Promise<Buffer> {
  const data = await page.evaluate(
    async ({ shot, lines }) => {
      const width = shot.width ?? 1800
      const height = Math.round((width * 4) / 3)
      const canvas = document.createElement('canvas')
      Object.assign(canvas, shot.turned ? { width: height, height: width } : { width, height })
      const context = canvas.getContext('2d')!
      if (shot.turned) {
        context.translate(0, width)
        context.rotate(-Math.PI / 2)
      }
      context.filter = `${shot.blur ? `blur(${shot.blur}px) ` : ''}brightness(${shot.light ?? 1})`
      context.fillStyle = '#7a5438'
      context.fillRect(-20, -20, width + 40, height + 40)
      context.translate(width * (0.5 + (shot.moved ?? 0)), height / 2)
      context.rotate(((shot.tilt ?? 0) * Math.PI) / 180)
      const across = width * (shot.sheet ?? 0.9)
      const down = across * 1.3
      context.fillStyle = '#ece9df'
      context.fillRect(-across / 2, -down / 2, across, down)
      context.fillStyle = '#26262a'
      const size = across / 34
      context.font = `${size}px 'Noto Serif CJK SC'`
      for (let row = 0; row < 26; row += 1) {
        const line = lines[row] ?? (row > 6 ? lines[1 + (row % 3)]! : '')
        context.fillText(line, -across * 0.4, -down * 0.4 + row * size * 1.75)
      }
      const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), 'image/jpeg', 0.9))
      return [...new Uint8Array(await blob.arrayBuffer())]
    },
    { shot, lines: TEXT },
  )
  return Buffer.from(data)
}

const photo = (buffer: Buffer) => ({ name: '借条.jpg', mimeType: 'image/jpeg', buffer })

/** The choice of a photo without the camera. */
const album = (page: Page) => page.getByLabel(/选择照片|换一张照片/)

test('from the home page to the text on a photo, and to the clipboard', async ({ as }) => {
  test.setTimeout(180_000)
  const page = await as(plaintiffAgent)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/')
  await page.getByRole('link', { name: '实用工具' }).click()
  await expect(page.getByRole('heading', { name: '实用工具' })).toBeVisible()
  await good(page)
  await page.getByRole('link', { name: /^图片转文字/ }).click()
  await good(page)

  await album(page).setInputFiles(photo(await shoot(page, { tilt: 1.5 })))
  await expect(page.getByRole('img', { name: '所选照片' })).toBeVisible()
  await expect(page.getByText('这样拍，识别更准')).toHaveCount(0)
  const brought = page.waitForRequest((request) => request.url().includes('/api/tools/text/'))
  const read = page.getByRole('button', { name: '开始识别' })
  await read.click()
  const upload = new URL((await brought).url()).pathname.split('/').pop()!
  const result = page.getByRole('region', { name: /^识别结果/ })
  await expect(result).toBeVisible({ timeout: 90_000 })
  // Not every character is read rightly by any machine; these are.
  await expect(result.getByRole('listitem').filter({ hasText: '人民币三万元' }).first()).toBeVisible()
  // From the top: further down the photo stays in sight and lies over the lines that pass under it.
  await page.evaluate(() => scrollTo(0, 0))
  await good(page)
  // The photo is gone with its text.
  expect((await page.request.get(`/api/uploads/${upload}`)).status()).toBe(404)

  await result.getByRole('button', { name: '复制全部' }).click()
  await expect(page.getByText('已复制')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  for (const part of ['收货后三十日内', '全部货物', '人民币三万元整', '法定代表人']) expect(copied).toContain(part)
  const first = (await result.getByRole('listitem').first().innerText()).trim()
  await result.getByRole('button', { name: /^复制第 1 行：/ }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(first)
  // Where the line stands is marked on the photo, at its upper left.
  const mark = await result.locator('polygon').getAttribute('points')
  const [x, y] = mark!.split(' ')[0]!.split(',').map(Number)
  expect(x! > 5 && x! < 20 && y! > 5 && y! < 25, mark!).toBe(true)
})

test('a photo that lies on its side is turned and read; a film is no photo; leaving takes the photo along', async ({ as }) => {
  test.setTimeout(180_000)
  const page = await as(plaintiffAgent)
  await page.goto('/tools/text')
  await album(page).setInputFiles({ name: 'a.mp4', mimeType: 'video/mp4', buffer: Buffer.from('x') })
  await expect(page.getByText('只能识别照片')).toBeVisible()
  await album(page).setInputFiles(photo(await shoot(page, { turned: true })))
  await page.getByRole('button', { name: '旋转' }).click()
  await page.getByRole('button', { name: '开始识别' }).click()
  const result = page.getByRole('region', { name: /^识别结果/ })
  await expect(result.getByRole('listitem').filter({ hasText: '人民币三万元' }).first()).toBeVisible({ timeout: 90_000 })

  await album(page).setInputFiles(photo(await shoot(page, {})))
  await page.route('**/api/tools/text/*', () => undefined)
  const asked = page.waitForRequest((request) => request.url().includes('/api/tools/text/'))
  await page.getByRole('button', { name: '开始识别' }).click()
  const upload = new URL((await asked).url()).pathname.split('/').pop()!
  await expect(page.getByRole('status').filter({ hasText: '正在识别' })).toBeVisible()
  await page.getByRole('button', { name: '取消' }).click()
  await expect(page.getByRole('button', { name: '开始识别' })).toBeEnabled()
  await expect.poll(async () => (await page.request.get(`/api/uploads/${upload}`)).status()).toBe(404)
})

test('what the browser says of a photo before it is sent is what the court says of it', async ({ as }) => {
  test.setTimeout(240_000)
  const page = await as(plaintiffAgent)
  await page.goto('/tools/text')
  const names: Record<string, string> = {
    small_photo: '像素不足',
    crooked_photo: '没有摆正',
    far_photo: '背景过多',
    cut_photo: '没有拍全',
    blurred_photo: '不够清晰',
    dark_photo: '光线太暗',
  }
  const shots: [Shot, string[]][] = [
    [{}, []],
    [{ tilt: 2 }, []],
    [{ tilt: 6, sheet: 0.8 }, ['crooked_photo']],
    [{ tilt: -13, sheet: 0.72 }, ['crooked_photo', 'far_photo']],
    [{ sheet: 0.62 }, ['far_photo']],
    [{ moved: 0.12 }, ['cut_photo']],
    [{ blur: 6 }, ['blurred_photo']],
    [{ light: 0.33 }, ['dark_photo']],
    [{ width: 900 }, ['small_photo']],
  ]
  for (const [shot, expected] of shots) {
    const picture = photo(await shoot(page, shot))
    const chosen = page.getByRole('img', { name: '所选照片' })
    const before = (await chosen.count()) ? await chosen.getAttribute('src') : null
    await album(page).setInputFiles(picture)
    await expect.poll(async () => ((await chosen.count()) ? chosen.getAttribute('src') : null)).not.toBe(before)
    const browser = (await page.locator('.hints .tag').allTextContents()).sort()
    expect(browser, JSON.stringify(shot)).toEqual(expected.map((code) => names[code]!).sort())

    const origin = new URL(page.url()).origin
    const head = { 'Tus-Resumable': '1.0.0', Origin: origin }
    const begun = await page.request.post('/api/uploads', {
      headers: { ...head, 'Upload-Length': String(picture.buffer.length), 'Upload-Metadata': `filename ${Buffer.from(picture.name).toString('base64')},purpose dG9vbA==`, 'Idempotency-Key': crypto.randomUUID() },
    })
    const where = begun.headers().location!
    const sent = await page.request.patch(where, { headers: { ...head, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, data: picture.buffer })
    expect(sent.status()).toBe(204)
    const court = ((await (await page.request.get(where)).json()) as { warnings: string[] }).warnings
    expect(court.sort(), JSON.stringify(shot)).toEqual([...expected].sort())
    await page.request.delete(where, { headers: head })
  }
})
