/** Amounts as people read them. */

/** 123456 fen as 1,234.56 */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(fen) / 100)
  const rest = String(Math.abs(fen) % 100).padStart(2, '0')
  return `${sign}${String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}.${rest}`
}

/** 1050 as 1,050.00元 */
export const yuanWord = (fen: number) => `${yuan(fen)}元`

/** What was typed with its thousands parted: 1234567.5 as 1,234,567.50; what is no amount stays. */
export function tidy(typed: string): string {
  const plain = typed.replace(/[,，\s¥￥元]/g, '')
  if (!/^\d{1,13}(\.\d{0,2})?$/.test(plain)) return typed
  const [whole = '', rest = ''] = plain.split('.')
  const parted = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${parted}.${rest.padEnd(2, '0')}`
}

/** 2025-03-18 as 2025年3月18日 */
export function day(iso: string): string {
  const [year, month, date] = iso.split('-').map(Number)
  return year && month && date ? `${year}年${month}月${date}日` : iso
}

/** The day of the week of 2025-03-18. */
export function weekday(iso: string): string {
  const at = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(at.getTime()) ? '' : `星期${'日一二三四五六'[at.getUTCDay()]}`
}
