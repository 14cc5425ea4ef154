export default {
  text: '法院自查发现：{cases}的部分内容与已存证的不一致或者缺失，正在核查。您已下载的存证凭证和文书继续有效，请妥善保存。',
  and: '、',
  room: '案件 {number}',
}
