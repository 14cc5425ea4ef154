// Pictures of the real app for the README: WEITING_SCREENS=1 playwright test --config tests/browser --project screens
import type { Page } from '@playwright/test'
import { act, acceptNotice, readAll, roomOf, sayFile } from './support/court'
import { at, made, pdf } from './support/media'
import { LOAN, SALE, assessor, clerk, defendantAgent, judge, lender, mediator, plaintiff, plaintiffAgent } from './support/people'
import { DESK, PHONE, expect, test } from './support/test'

const screens = new URL('../../docs/screens/', `file://${__filename}`).pathname

/** A damaged parcel, drawn. */
const PARCEL = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1600" width="1200" height="1600">
<defs><linearGradient id="w" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#9fb0c3"/><stop offset="1" stop-color="#5c6d84"/></linearGradient>
<linearGradient id="f" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#47505e"/><stop offset="1" stop-color="#2f3640"/></linearGradient></defs>
<rect width="1200" height="1100" fill="url(#w)"/><rect y="1100" width="1200" height="500" fill="url(#f)"/>
<ellipse cx="610" cy="1370" rx="470" ry="70" fill="#1f252d" opacity=".55"/>
<path d="M170 760 560 920V1390L170 1190Z" fill="#b98f57"/><path d="M560 920 1030 740V1170L560 1390Z" fill="#a67c44"/>
<path d="M170 760 640 600 1030 740 560 920Z" fill="#d3a96d"/><path d="M385 688 775 835 815 820 425 674Z" fill="#ead6a4"/>
<path d="M775 835 815 820V960L775 976Z" fill="#ead6a4"/>
<path d="M690 1010 760 1090 800 1020 850 1070 930 985 900 1090 960 1120 860 1150 880 1230 800 1180 740 1260 750 1160 670 1150 720 1090Z" fill="#4b3a25"/>
<rect x="230" y="930" width="220" height="130" transform="skewY(24) translate(0 -165)" fill="#f1ece0"/></svg>`

async function parcel(page: Page) {
  await page.setViewportSize({ width: 1200, height: 1600 })
  await page.setContent(`<style>body{margin:0}</style>${PARCEL}`)
  const name = '收货当天外包装.jpg'
  await page.screenshot({ path: at(name), type: 'jpeg', quality: 90, scale: 'css' })
  return made(name)
}

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(700)
  await page.screenshot({ path: `${screens}${name}.png`, scale: 'device', animations: 'disabled', caret: 'hide' })
}

test('pictures', async ({ as, browser }) => {
  test.setTimeout(300_000)
  const wide = { ...DESK, deviceScaleFactor: 2 }
  const bench = await as(judge, wide)
  const left = await as(plaintiffAgent, PHONE)
  const right = await as(defendantAgent, PHONE)
  const others = [await as(mediator, PHONE), await as(plaintiff, PHONE), await as(clerk, PHONE)]
  const { id } = await roomOf(bench, SALE)

  const studio = await browser.newPage()
  const photo = await parcel(studio)
  const list = await pdf(studio, '收货验收单.pdf')
  await studio.close()

  const visitor = await as(assessor, PHONE)
  await visitor.goto(`/rooms/${id}`)
  await expect(visitor.getByRole('heading', { name: '进入微法庭须知' })).toBeVisible()
  await picture(visitor, 'notice')
  const early = await as(lender, PHONE)
  await early.goto(`/rooms/${(await roomOf(early, LOAN)).id}`)
  await expect(early.getByText('当前未到微法庭启动时间')).toBeVisible()
  await picture(early, 'gate')

  for (const page of others) await acceptNotice(page, id)
  await readAll(left, id)
  await readAll(bench, id)
  for (const page of [bench, left, right, ...others]) await page.goto(`/rooms/${id}`)
  await sayFile(left, id, 'speech.photo', photo)
  await sayFile(left, id, 'speech.document', list)
  await act(right, id, { kind: 'speech.text', text: '照片和验收单已收到。破损的三箱我方认可，其余请说明数量。' })
  await act(others[0]!, id, { kind: 'speech.text', text: '建议先确认破损数量，再谈退款金额。' })
  await act(left, id, { kind: 'speech.text', text: '破损三箱，验收单第二页有双方签字。我方同意按三箱退款。' })
  for (const page of [bench, left]) await expect(page.getByText('我方同意按三箱退款。')).toBeInViewport()
  await picture(bench, 'desk')
  await picture(left, 'room')

  await act(bench, id, { kind: 'speech.text', text: '好。请原告代理人今天 17:00 前提交退款计算方式，被告核对后答复。' })
  const home = await as(plaintiff, PHONE)
  await home.goto('/')
  await expect(home.getByText(SALE).first()).toBeVisible()
  await picture(home, 'home')

  await right.goto('/me')
  await right.getByRole('radio', { name: '深色' }).check()
  await right.getByRole('radio', { name: '关怀版' }).check()
  await readAll(right, id)
  await right.goto(`/rooms/${id}`)
  await expect(right.getByText('好。请原告代理人').last()).toBeVisible()
  await picture(right, 'dark')
})
