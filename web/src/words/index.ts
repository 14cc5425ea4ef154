// The texts of the app. One file per subject; a key reads as subject.thing, for example t('login.getCode').
import { createI18n } from 'vue-i18n'
import call from './zh-CN/call'
import cases from './zh-CN/cases'
import common from './zh-CN/common'
import desk from './zh-CN/desk'
import find from './zh-CN/find'
import guide from './zh-CN/guide'
import home from './zh-CN/home'
import inbox from './zh-CN/inbox'
import location from './zh-CN/location'
import login from './zh-CN/login'
import matters from './zh-CN/matters'
import me from './zh-CN/me'
import members from './zh-CN/members'
import messages from './zh-CN/messages'
import room from './zh-CN/room'

const zhCN = { common, login, home, messages, cases, me, members, guide, inbox, room, call, matters, find, location, desk }

export const words = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN },
})

/** For code outside components. Inside them use `useI18n()`. */
export const t = words.global.t
