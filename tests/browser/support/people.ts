// The people of the demonstration court, and how one of them logs in. Each number gets one code a minute, from the court
// and from its SMS provider alike: so everybody logs in once in a run, and the session is used again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Browser, type Page, expect, test } from '@playwright/test'

export interface Person {
  phone: string
  name: string
  /** The capacity to choose, for those who have several. */
  role?: string
}

export const judge: Person = { phone: '19900000001', name: '周明远' }
export const assessor: Person = { phone: '19900000002', name: '许国华' }
export const clerk: Person = { phone: '19900000003', name: '孙悦' }
export const plaintiff: Person = { phone: '19900000004', name: '沈望舒' }
export const defendant: Person = { phone: '19900000005', name: '顾长河' }
export const plaintiffAgent: Person = { phone: '19900000006', name: '陈立' }
/** Agent of the defendant in one case, mediator in the other. */
export const defendantAgent: Person = { phone: '19900000007', name: '李思源', role: '代理人' }
export const mediator: Person = { phone: '19900000008', name: '何敏' }
export const lender: Person = { phone: '19900000009', name: '王一方' }
export const borrower: Person = { phone: '19900000010', name: '赵二川' }
/** A lawyer without a case. */
export const lawyer: Person = { phone: '19900000011', name: '林一舟' }
/** Hold offices of the court, and take part in no case. */
export const president: Person = { phone: '19900000015', name: '梁启明' }
export const supervisor: Person = { phone: '19900000012', name: '方闻' }
export const administrator: Person = { phone: '19900000013', name: '钱知行' }

export const SALE = '(2026)沪0113民初10241号'
export const LOAN = '(2026)沪0113民初10187号'

interface Text {
  at: string
  code: string | null
}

/** The newest login code in the simulated inbox that came after `since` (milliseconds). */
export async function codeFor(phone: string, since: number): Promise<string> {
  let code: string | null = null
  await expect(async () => {
    const texts = (await (await fetch(`${process.env.WEITING_INBOX}?phone=${phone}`)).json()) as Text[]
    code = texts.find((text) => text.code !== null && Date.parse(text.at) >= since)?.code ?? null
    expect(code, `a code for ${phone}`).not.toBeNull()
  }).toPass({ timeout: 10_000, intervals: [100, 200, 300] })
  return code!
}

/**
 * Waits until this number may have another code (one a minute), and notes that it is asked for now; answers when that is. Also a
 * second try of a failed test keeps to it: the times outlive the process in a file.
 */
export async function askCode(phone: string): Promise<number> {
  const file = path.join(process.env.WEITING_FOLDER!, 'codes.json')
  const asked = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {}
  const wait = (asked[phone] ?? 0) + 61_000 - Date.now()
  if (wait > 0) {
    test.setTimeout(test.info().timeout + wait)
    await new Promise((next) => setTimeout(next, wait))
  }
  asked[phone] = Date.now()
  writeFileSync(file, JSON.stringify(asked))
  return asked[phone]
}

/** Goes through the login page as a person does. */
export async function logIn(page: Page, person: Person): Promise<void> {
  const since = await askCode(person.phone)
  await page.getByLabel('手机号', { exact: true }).fill(person.phone)
  await page.getByRole('button', { name: '获取验证码' }).click()
  // The human check, where it is asked for, takes a moment.
  await expect(page.getByText(`验证码已发送至 ${person.phone}`)).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('验证码', { exact: true }).fill(await codeFor(person.phone, since))
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page).not.toHaveURL(/\/login/)
  if (person.role) await page.getByRole('button', { name: person.role }).click()
  await expect(page).not.toHaveURL(/\/(login|capacity)/)
}

const stateOf = (person: Person) => path.join(process.env.WEITING_FOLDER!, `${person.phone}.json`)

/** Keeps the session of this page for the rest of the run. */
export async function keepSession(page: Page, person: Person): Promise<void> {
  await page.context().storageState({ path: stateOf(person) })
}

/** The session of this person; logs in when there is none yet. */
export async function sessionOf(browser: Browser, person: Person): Promise<string> {
  const file = stateOf(person)
  if (existsSync(file)) return file
  const context = await browser.newContext({ baseURL: process.env.WEITING_URL, locale: 'zh-CN', serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.goto('/login')
  await logIn(page, person)
  await keepSession(page, person)
  await context.close()
  return file
}
