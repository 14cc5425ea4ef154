import { addWords } from '@/words/late'
import signature from '@/words/zh-CN/signature'

addWords({ signature })
