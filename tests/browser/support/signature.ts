// One's own signature, written on the pad.
import { type Page, expect } from '@playwright/test'

/** Writes something like a name with the mouse, across the canvas. */
export async function write(page: Page): Promise<void> {
  const pad = page.getByRole('dialog', { name: '采集数字签名', exact: true })
  const box = (await pad.getByRole('img', { name: /^签名书写区/ }).boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await expect(pad.getByRole('button', { name: '确认签名' })).toBeDisabled()
  for (const shift of [-60, 0, 60]) {
    await page.mouse.move(x - 70, y + shift)
    await page.mouse.down()
    for (let i = 1; i <= 12; i += 1) await page.mouse.move(x - 70 + i * 12, y + shift + (i % 3) * 8)
    await page.mouse.up()
  }
  await expect(pad.getByRole('button', { name: '确认签名' })).toBeEnabled()
}
