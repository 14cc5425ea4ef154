export default {
  title: '消息',
  heading: '我的微法庭',
  searchHint: '案号、案件名称、案由',
  filter: { label: '按状态筛选', going: '进行中', coming: '待启动', over: '已结束' },
  none: {
    going: '没有进行中的微法庭',
    coming: '没有待启动的微法庭',
    over: '没有已结束的微法庭',
    text: '法官或者书记员排期以后，会显示在这里。',
  },
  notFound: '没有找到与“{q}”有关的微法庭',
  noWords: '还没有消息',
  begins: '{time} 开始',
  unread: '{n} 条未读',
}
