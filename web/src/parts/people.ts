// How the people of a case look: colour family and the sign on the avatar. Pure; used by RoleTag and AppAvatar.
import type { Capacity } from '@/api/types'

export type Tone = 'bench' | 'plaintiff' | 'defendant' | 'third' | 'agent' | 'clerk' | 'mediator'

const tones: Record<Capacity, Tone> = {
  presiding_judge: 'bench',
  sole_judge: 'bench',
  panel_member: 'bench',
  lay_assessor: 'bench',
  judge_assistant: 'bench',
  court_clerk: 'clerk',
  mediator: 'mediator',
  plaintiff: 'plaintiff',
  defendant: 'defendant',
  third_party: 'third',
  plaintiff_agent: 'agent',
  defendant_agent: 'agent',
  third_party_agent: 'agent',
  witness: 'clerk',
  overseer: 'clerk',
}

/** The colour family of a capacity. One that this app does not know yet is grey. */
export const toneOf = (capacity: Capacity): Tone => tones[capacity] ?? 'clerk'

/** Judges show a gavel, clerks a notebook, everyone else the surname. */
export function signOf(capacity: Capacity | null): 'gavel' | 'notebook' | 'name' {
  if (capacity === 'presiding_judge' || capacity === 'sole_judge' || capacity === 'panel_member') return 'gavel'
  if (capacity === 'court_clerk') return 'notebook'
  return 'name'
}

const places =
  /^(?:北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)?[省市]?(?:[\u4e00-\u9fa5]{2,3}?市(?<!超市))?/
const organisation = /公司|集团|企业|合作社|事务所|中心|银行|学校|医院|委员会|商行|商店|超市|厂$|店$|部$|局$/

/** One surname character for people, two characters for organisations (without the place before the name). */
export function initials(name: string): string {
  const trimmed = name.trim()
  if (trimmed.length > 4 && organisation.test(trimmed)) {
    const core = trimmed.replace(places, '')
    return (core.length >= 2 ? core : trimmed).slice(0, 2)
  }
  return [...trimmed][0] ?? ''
}
