// Times as a court shows them: always Beijing time (fixed +08:00, no summer time since 1991), 24 hours.
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)
dayjs.locale('zh-cn')

/** Minutes east of UTC. */
const BEIJING = 480

export type Moment = string | number

const at = (moment: Moment) => dayjs.utc(moment).utcOffset(BEIJING)

/** 14:05 */
export const hourMinute = (moment: Moment) => at(moment).format('HH:mm')

/** 2026年11月23日 14:05 */
export const fullTime = (moment: Moment) => at(moment).format('YYYY年M月D日 HH:mm')

/** 2026年11月23日 */
export const fullDate = (moment: Moment) => at(moment).format('YYYY年M月D日')

/** 11月23日 14:05, with the year when it is not this year. */
export function shortTime(moment: Moment, now: Moment): string {
  const t = at(moment)
  return t.format(t.year() === at(now).year() ? 'M月D日 HH:mm' : 'YYYY年M月D日 HH:mm')
}

/** 今天, 明天, 后天, 昨天, else 11月23日, with the year when it is not this year. */
export function dayWord(moment: Moment, now: Moment): string {
  const t = at(moment)
  const n = at(now)
  const days = t.startOf('day').diff(n.startOf('day'), 'day')
  if (days === 0) return '今天'
  if (days === 1) return '明天'
  if (days === 2) return '后天'
  if (days === -1) return '昨天'
  return t.format(t.year() === n.year() ? 'M月D日' : 'YYYY年M月D日')
}

/** For a list of conversations: today 14:05, else the day's word. */
export function listTime(moment: Moment, now: Moment): string {
  const word = dayWord(moment, now)
  return word === '今天' ? hourMinute(moment) : word
}

/** 11-20 09:00 至 11-23 17:00; the second date is left out when it is the same day. */
export function span(from: Moment, to: Moment): string {
  const a = at(from)
  const b = at(to)
  const sameDay = a.format('YYYY-MM-DD') === b.format('YYYY-MM-DD')
  const head = a.year() === b.year() ? 'MM-DD HH:mm' : 'YYYY-MM-DD HH:mm'
  return `${a.format(head)} 至 ${b.format(sameDay ? 'HH:mm' : head)}`
}

/** How long until then: 3 天 2 小时, 2 小时 5 分, 5 分钟; null when it is past. */
export function timeLeft(moment: Moment, now: Moment): string | null {
  const minutes = Math.ceil((at(moment).valueOf() - at(now).valueOf()) / 60_000)
  if (minutes <= 0) return null
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (days > 0) return hours > 0 ? `${days} 天 ${hours} 小时` : `${days} 天`
  if (hours > 0) return rest > 0 ? `${hours} 小时 ${rest} 分` : `${hours} 小时`
  return `${rest} 分钟`
}

/** Between messages: 下午 2:05; on other days with the date before it. */
export function chatTime(moment: Moment, now: Moment): string {
  const t = at(moment)
  const h = t.hour()
  const part = h < 6 ? '凌晨' : h < 12 ? '上午' : h < 13 ? '中午' : h < 18 ? '下午' : '晚上'
  const clock = `${part} ${h % 12 === 0 ? 12 : h % 12}:${t.format('mm')}`
  const day = dayWord(moment, now)
  return day === '今天' ? clock : `${day} ${clock}`
}

/** Both in the same day of Beijing. */
export const sameDay = (a: Moment, b: Moment) => at(a).format('YYYY-MM-DD') === at(b).format('YYYY-MM-DD')

/** The value of an `<input type=datetime-local>`, read as Beijing time whatever the device's zone: 2026-11-23T14:00 */
export const toInput = (moment: Moment) => at(moment).format('YYYY-MM-DDTHH:mm')

/** The instant (RFC 3339, UTC) of such an input; null when it is empty or no date. */
export function fromInput(value: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(value)) return null
  const t = Date.parse(`${value.length === 16 ? `${value}:00` : value}+08:00`)
  if (Number.isNaN(t)) return null
  // A day that does not exist (31 February) is moved on by some engines; such a date is refused.
  return toInput(t) === value.slice(0, 16) ? new Date(t).toISOString().replace('.000Z', 'Z') : null
}

/** Midnight of the day of `now` plus so many days, plus hours: for quick choices such as 明天 9:00. */
export const dayAt = (now: Moment, days: number, hour: number) =>
  at(now).startOf('day').add(days, 'day').add(hour, 'hour').valueOf()
